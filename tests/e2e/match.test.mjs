// `presso match`: the matcher on files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { temporaryFolder } from './support.mjs';

const rules = {
  sets: [
    { name: 'EXACT', rules: [{ drink: ['tea'] }, { drink: ['milk'] }] },
    { name: 'PREFIX', rules: [{ drink: [{ prefix: 'te' }] }] },
  ],
  combinations: { BOTH: ['EXACT', 'PREFIX'] },
};

test('rules are counted on plain and on gzipped lines', (t) => {
  const folder = temporaryFolder(t);
  const lines = '{"drink": "tea"}\n\n{"drink": ["teapot", "milk"]}\n{"drink": 1}\n';
  writeFileSync(join(folder, 'plain'), lines);
  writeFileSync(join(folder, 'gzipped'), gzipSync(lines));
  writeFileSync(join(folder, 'rules'), JSON.stringify(rules));
  for (const data of ['plain', 'gzipped']) {
    const run = spawnSync(pressoBinary, ['match', join(folder, data), join(folder, 'rules'), '0']);
    assert.equal(run.status, 0, run.stderr.toString());
    const { lines: count, sets } = JSON.parse(run.stdout.toString());
    assert.equal(count, 3);
    assert.deepEqual(sets.EXACT.matches, [1, 1]);
    assert.deepEqual(sets.PREFIX.matches, [2]);
    assert.deepEqual(sets.BOTH.matches, [1, 1, 2]);
    assert.ok(sets.BOTH.events_per_s_best_pass > 0);
  }
});

test('what cannot be used is told, and ends with 1', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'data'), 'no json\n');
  writeFileSync(join(folder, 'rules'), JSON.stringify({ sets: [] }));
  const run = spawnSync(pressoBinary, ['match', join(folder, 'data'), join(folder, 'rules'), '0']);
  assert.equal(run.status, 1);
  assert.match(run.stderr.toString(), /line 1 is no JSON object/);
  assert.equal(spawnSync(pressoBinary, ['match']).status, 2);
});
