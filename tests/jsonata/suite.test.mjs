// Every public case of the official JSONata suite, through `presso eval-jsonata`. The suite is read
// where PRESSO_JSONATA_SUITE says (../shared/jsonata-suite without it) and is no part of this
// repository; its README explains the form. presso is build/presso, or what PRESSO_BINARY names.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.env.PRESSO_JSONATA_SUITE ?? join(root, '../shared/jsonata-suite');
const skip = existsSync(join(folder, 'groups'))
  ? false
  : `there is no suite at ${folder}; PRESSO_JSONATA_SUITE names its folder`;

const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

// The same text for values that are equal but for the order of members.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
}

function isExpected(wanted, answer) {
  if (wanted.error) {
    const members = Object.entries(wanted.error);
    return answer.error && members.every(([name, value]) =>
      canonical(answer.error[name] ?? null) === canonical(value));
  }
  if (wanted.undefinedResult) return answer.undefined === true;
  if (!('result' in wanted)) return !answer.error;
  if (!('result' in answer)) return false;
  if (!wanted.unordered) return canonical(answer.result) === canonical(wanted.result);
  const [got, want] = [answer.result, wanted.result].map((list) => list.map(canonical).sort());
  return canonical(got) === canonical(want);
}

function evaluator(t) {
  const program = process.env.PRESSO_BINARY ?? join(root, 'build/presso');
  const child = spawn(program, ['eval-jsonata'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.stdin.end());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    assert.ok(!done, `presso ended at ${request.expr}`);
    return JSON.parse(value);
  };
}

test('the official suite', { skip }, async (t) => {
  const evaluate = evaluator(t);
  const datasets = new Map();
  for (const file of readdirSync(join(folder, 'datasets'))) {
    datasets.set(file.replace(/\.json$/, ''), read(join('datasets', file)));
  }
  let total = 0;
  const wrong = [];
  for (const file of readdirSync(join(folder, 'groups')).sort()) {
    for (const wanted of read(join('groups', file)).cases) {
      const request = { expr: wanted.expr };
      for (const name of ['data', 'bindings', 'timelimit', 'depth']) {
        if (name in wanted) request[name] = wanted[name];
      }
      if ('dataset' in wanted) request.data = datasets.get(wanted.dataset);
      const answer = await evaluate(request);
      ++total;
      if (isExpected(wanted, answer)) continue;
      wrong.push(`${wanted.id}: ${wanted.expr}\n  gave ${JSON.stringify(answer)}`);
    }
  }
  t.diagnostic(`${total - wrong.length} of ${total} cases pass`);
  assert.deepEqual(wrong, []);
  assert.ok(total > 1000);
});
