// A whole stack behind one port: moto's server for everything that presso does not serve, and
// boto3. Skipped where Python does not have both.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { serverFor } from './support.mjs';

const script = fileURLToPath(new URL('forward_moto.py', import.meta.url));
const parts = 'import boto3, flask, flask_cors, moto.server';
const has = spawnSync('python3', ['-c', parts]).status === 0;
const skip = has ? false : 'moto and boto3 are not installed';

// What the script says and how it ends, given moto behind presso's one port.
async function ran(t, part) {
  const moto = spawn('python3', [script, 'serve'], { stdio: ['pipe', 'pipe', 'ignore'] });
  t.after(() => moto.stdin.end());
  const port = await new Promise((resolve, reject) => {
    moto.stdout.once('data', (text) => resolve(Number(String(text))));
    moto.once('exit', () => reject(new Error('moto has ended')));
  });
  const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const presso = await serverFor(t, { environment });
  const stdio = ['ignore', 'pipe', 'pipe'];
  const client = spawn('python3', [script, part, presso.url], { stdio });
  let output = '';
  client.stdout.on('data', (text) => (output += text));
  client.stderr.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => client.once('close', resolve));
  return { code, output };
}

test('boto3 finds the services of moto behind one endpoint', { skip }, async (t) => {
  const { code, output } = await ran(t, 'use');
  assert.equal(code, 0, output);
  assert.match(output, /used/);
});

test('a task token goes through a queue and comes back', { skip }, async (t) => {
  const { code, output } = await ran(t, 'work');
  assert.equal(code, 0, output);
  assert.match(output, /worked/);
});
