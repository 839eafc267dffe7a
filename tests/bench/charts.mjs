// charts.mjs BENCH_JSON FOLDER: draws what `./dev bench growth` wrote, a picture (SVG) for each
// series: CPU for a unit of the work, against the size, both in decades.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [file, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: charts.mjs BENCH_JSON FOLDER');
  process.exit(2);
}

const width = 420;
const height = 260;
const area = { left: 58, right: width - 14, top: 34, bottom: height - 42 };

const texts = {
  rules: ['An event, among so many rules', 'rules'],
  states: ['A transition of an Express machine of so many states', 'states'],
  items: ['An item of a Map of so many', 'items'],
  payload: ['A KiB of an input of so many', 'KiB'],
  history: ['A page of a history of so many events', 'events'],
  parked: ['A start beside so many that wait', 'executions that wait'],
  connections: ['A request on so many connections at work', 'connections'],
  'idle connections': ['A request beside so many idle connections', 'idle connections'],
};

const decadesOf = (values) => {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return { low, high: Math.max(high, low + 1) };
};
const power = (n) => {
  const value = 10 ** n;
  return value >= 1 ? value.toLocaleString('en-US') : `${value.toFixed(-n)}`;
};
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

// Of a place in decades, on a side of the area.
const place = ({ low, high }, from, to) => (value) =>
  from + ((Math.log10(value) - low) / (high - low)) * (to - from);

function grid(xs, ys, x, y) {
  const lines = [];
  const text = (at, label, anchor) =>
    `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}">${escape(label)}</text>`;
  for (let n = xs.low; n <= xs.high; n += 1) {
    const at = x(10 ** n).toFixed(1);
    lines.push(`<path class="grid" d="M${at} ${area.top}V${area.bottom}"/>`);
    lines.push(text([at, area.bottom + 15], power(n), 'middle'));
  }
  for (let n = ys.low; n <= ys.high; n += 1) {
    const at = y(10 ** n).toFixed(1);
    lines.push(`<path class="grid" d="M${area.left} ${at}H${area.right}"/>`);
    lines.push(text([area.left - 6, Number(at) + 4], power(n), 'end'));
  }
  return lines;
}

const style =
  'text{font:12px sans-serif;fill:#57606a}.title{font-weight:600;fill:#24292f}' +
  '.grid{stroke:#d0d7de;stroke-width:1}.line{fill:none;stroke:#0969da;stroke-width:2}' +
  '.dot{fill:#0969da}@media(prefers-color-scheme:dark){text{fill:#8b949e}.title{fill:#e6edf3}' +
  '.grid{stroke:#30363d}.line{stroke:#58a6ff}.dot{fill:#58a6ff}}';

function picture(series, rows) {
  const [title, unit] = texts[series] ?? [series, ''];
  const points = rows.map((row) => [row.size, Math.max(row.cpu, 0.01)]);
  const xs = decadesOf(points.map(([size]) => size));
  const ys = decadesOf(points.map(([, cpu]) => cpu));
  const x = place(xs, area.left, area.right);
  const y = place(ys, area.bottom, area.top);
  const places = points.map(([size, cpu]) => `${x(size).toFixed(1)} ${y(cpu).toFixed(1)}`);
  const dots = places.map((at) => {
    const [cx, cy] = at.split(' ');
    return `<circle class="dot" cx="${cx}" cy="${cy}" r="3"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<style>${style}</style>`,
    `<text class="title" x="14" y="20">${escape(title)}: CPU, µs</text>`,
    ...grid(xs, ys, x, y),
    `<path class="line" d="M${places.join('L')}"/>`,
    ...dots,
    `<text x="${area.right}" y="${height - 8}" text-anchor="end">${escape(unit)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

const { rows } = JSON.parse(readFileSync(file, 'utf8'));
const series = new Map();
for (const row of rows.filter((each) => each.series !== undefined)) {
  series.set(row.series, [...(series.get(row.series) ?? []), row]);
}
mkdirSync(folder, { recursive: true });
for (const [name, points] of series) {
  const path = join(folder, `${name.replaceAll(' ', '-')}.svg`);
  writeFileSync(path, picture(name, points));
  console.log(path);
}
