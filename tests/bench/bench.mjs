// ./dev bench [--quick] [NAME…]: measures presso next to a bare server on the same machine in the
// same run; quick puts a tenth of the load. Prints a table and writes bench.json into the build
// folder. Nothing is judged: times depend on the machine, and the server's own CPU for each
// operation is the figure that does so least.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { longMeasures, measures } from './measures.mjs';
import { build } from './servers.mjs';

const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const dim = (text) => (isTerminal ? `\x1b[2m${text}\x1b[0m` : text);

function number(value) {
  if (value === undefined) return '';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

const columns = [
  ['', 36, (row) => row.what],
  ['', 12, (row) => number(row.value)],
  ['', -14, (row) => row.unit],
  ['aim', 7, (row) => row.aim ?? ''],
  ['p50 ms', 8, (row) => number(row.p50)],
  ['p99 ms', 8, (row) => number(row.p99)],
  ['CPU µs', 8, (row) => number(row.cpu)],
  ['others', 7, (row) => number(row.others)],
];

// A negative width, and the first column, are set to the left.
function line(cell) {
  const cells = columns.map((column, index) => {
    const text = cell(column);
    const width = column[1];
    return index === 0 || width < 0 ? text.padEnd(Math.abs(width)) : text.padStart(width);
  });
  return cells.join(' ').trimEnd();
}

const names = process.argv.slice(2).filter((name) => name !== '--quick');
const all = { ...measures, ...longMeasures };
const unknown = names.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`bench: no measure ${unknown.join(', ')}; there are`);
  console.error(`  ${Object.keys(all).join(' ')} sim`);
  process.exit(2);
}

const machine = {
  processors: cpus().length,
  model: cpus()[0].model,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  load: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
};
console.log(`${machine.processors} × ${machine.model}, load ${machine.load}`);
console.log(dim(line(([title]) => title)));

const rows = [];
const add = (what, value, unit, more = {}) => {
  const row = { what, value, unit, ...more };
  rows.push(row);
  console.log(line(([, , text]) => text(row)));
};
for (const [name, measure] of Object.entries(all)) {
  if (names.length === 0 ? name in measures : names.includes(name)) await measure(add);
}

console.log(
  dim('CPU: of the server, for each operation. others: processors busy with other work;'),
);
console.log(dim('above a half of one, rates and times look worse than they are.'));
const file = join(build, 'bench.json');
writeFileSync(file, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
console.log(`Written to ${file}.`);
