// ./dev bench jsonata: expressions as people write them in state machines, evaluated by presso and
// by the reference implementation on this machine in this run. Prints nanoseconds for one
// evaluation and how many times faster presso is; the last line judges: ten times at the median,
// four at the worst.
//
// presso is build/presso, or what PRESSO_BIN names; the npm package `jsonata` is where ./dev
// installs packages, or in the folder PRESSO_JSONATA names.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const millisEach = Number(process.env.PRESSO_BENCH_MS ?? 300);

const items = Array.from({ length: 100 }, (_, i) => ({
  id: `item-${i}`,
  sku: `SKU${1000 + i}`,
  name: `Product number ${i}`,
  price: ((i * 37) % 100) + 0.99,
  quantity: (i % 7) + 1,
  category: ['coffee', 'tea', 'cake', 'fruit'][i % 4],
  tags: ['a', 'b', 'c'].slice(0, i % 4),
}));
const data = {
  order: {
    id: 'order-42',
    status: 'OPEN',
    customer: { first: 'Ada', last: 'Lovelace', vip: true },
  },
  items,
  defaults: { retries: 3, region: 'eu-west-1' },
  overrides: { retries: 5 },
  at: 1510067557121,
  text: 'The quick brown fox jumps over the lazy dog',
};

const expressions = {
  'field access': 'order.customer.first',
  'field of an array': 'items.price',
  index: 'items[42].name',
  predicate: 'items[price > 50].id',
  'predicate, two terms': "items[price > 50 and category = 'coffee'].sku",
  'string building': "order.customer.first & ' ' & order.customer.last & ' (' & order.id & ')'",
  'object construction':
    "{'id': order.id, 'name': order.customer.first, 'open': order.status = 'OPEN'}",
  $map: '$map(items, function($i) { $i.price * $i.quantity })',
  $filter: '$filter(items, function($i) { $i.quantity > 3 })',
  $reduce: '$reduce(items.price, function($sum, $price) { $sum + $price }, 0)',
  'mapped objects': "items.{'sku': sku, 'total': price * quantity}",
  $sum: '$sum(items.(price * quantity))',
  $merge: '$merge([defaults, overrides])',
  'group by': 'items{category: $sum(price)}',
  sort: 'items^(>price, name).id',
  $sort: '$sort(items, function($l, $r) { $l.price > $r.price })[0].id',
  'date formatting': "$fromMillis(at, '[Y0001]-[M01]-[D01] [H01]:[m01]')",
  conditional: "order.customer.vip ? 'gold' : order.status = 'OPEN' ? 'open' : 'none'",
  'text functions':
    "$uppercase($substringBefore(text, ' fox')) & $join($split(text, ' ')[[0..2]], '-')",
  '$distinct, $count': '$count($distinct(items.category))',
};

function startPresso() {
  const program = process.env.PRESSO_BIN ?? path.join(root, 'build/presso');
  const child = spawn(program, ['eval-jsonata'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(JSON.stringify(request) + '\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('presso ended');
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

async function measureReference(expression) {
  const run = async (count) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) await expression.evaluate(data);
    return Number(process.hrtime.bigint() - start) / count;
  };
  let ns = await run(20);
  await run(Math.min(20_000, Math.ceil((millisEach * 1e6) / ns))); // lets the compiler warm up
  ns = await run(20);
  return run(Math.min(200_000, Math.max(20, Math.ceil((millisEach * 1e6) / ns))));
}

async function measurePresso(presso, expr) {
  const first = await presso.ask({ expr, data, repeat: 20 });
  const repeat = Math.max(20, Math.ceil((millisEach * 1e6) / first.ns));
  return presso.ask({ expr, data, repeat });
}

const jsonata = createRequire(path.join(process.env.PRESSO_JSONATA ?? root, 'package.json'))(
  'jsonata',
);
const presso = startPresso();
const ratios = [];
console.log(
  'expression'.padEnd(24) +
    'presso ns'.padStart(12) +
    'jsonata ns'.padStart(12) +
    'times'.padStart(9),
);
for (const [name, expr] of Object.entries(expressions)) {
  const expression = jsonata(expr);
  const expected = await expression.evaluate(data);
  const answer = await measurePresso(presso, expr);
  if (JSON.stringify(answer.result) !== JSON.stringify(expected)) {
    throw new Error(`${expr}: presso says ${JSON.stringify(answer)}`);
  }
  const reference = await measureReference(expression);
  const ratio = reference / answer.ns;
  ratios.push(ratio);
  const cells = [
    answer.ns.toFixed(0).padStart(12),
    reference.toFixed(0).padStart(12),
    ratio.toFixed(1).padStart(9),
  ];
  console.log(name.padEnd(24) + cells.join(''));
}
presso.end();
ratios.sort((a, b) => a - b);
const median =
  (ratios[Math.floor((ratios.length - 1) / 2)] + ratios[Math.ceil((ratios.length - 1) / 2)]) / 2;
const good = median >= 10 && ratios[0] >= 4;
console.log(
  `median ${median.toFixed(1)}, worst ${ratios[0].toFixed(1)}: ${good ? 'good' : 'too slow'}`,
);
process.exitCode = good ? 0 : 1;
