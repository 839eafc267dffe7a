// `presso --version --verbose` names every library that the design names, with versions.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';

const versions = (...more) => execFileSync(pressoBinary, ['--version', ...more]).toString();

test('--version is one line, with --verbose what the binary is made of', () => {
  const brief = versions();
  assert.match(brief, /^presso \d+\.\d+\.\d+\n$/);
  const text = versions('--verbose');
  assert.ok(text.startsWith(brief));
  assert.match(text, /^built as \w+ by GNU \d+\.\d+\.\d+, C\+\+20, options: UNITY=\w+ .*$/m);
  const lines = Object.fromEntries(
    text.split('\n').filter((line) => line.startsWith('  ')).map((line) => {
      const [name, compiled, running = '', version = ''] = line.trim().split(/\s+/);
      return [name, { compiled, running: running && version }];
    }),
  );
  const number = /^\d+\.\d+/;
  const named = 'Boost CLI11 date expat fmt glibc mimalloc nlohmann_json OpenSSL PCRE2 simdjson ' +
    'spdlog SQLite tzdata yaml-cpp zlib';
  assert.deepEqual(Object.keys(lines), named.split(' '));
  for (const [name, { compiled }] of Object.entries(lines)) {
    if (name === 'tzdata') continue;
    if (name === 'mimalloc' && compiled === 'not') continue; // sanitizers have their own
    assert.match(compiled, number, name);
  }
  for (const name of ['expat', 'glibc', 'OpenSSL', 'PCRE2', 'SQLite', 'tzdata', 'zlib']) {
    assert.match(lines[name].running, /^\d+/, name);
  }
  assert.equal(lines.SQLite.running, lines.SQLite.compiled);
});
