// `presso explain`: of a running server, and of two files.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { PutEventsCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { clients, serverFor, temporaryFolder } from './support.mjs';

function explain(...options) {
  return new Promise((resolve) => {
    const child = spawn(pressoBinary, ['explain', ...options]);
    const said = { out: '', error: '' };
    child.stdout.on('data', (text) => (said.out += text));
    child.stderr.on('data', (text) => (said.error += text));
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

function files(t, contents) {
  const folder = temporaryFolder(t);
  return Object.entries(contents).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  });
}

const tea = { source: 'shop', 'detail-type': 'order', detail: { drink: 'tea' } };

test('an event and a pattern need no server', async (t) => {
  const wanted = { source: ['shop'], detail: { drink: [{ prefix: 'co' }] } };
  const [event, pattern, broken] = files(t, { event: tea, pattern: wanted, broken: '{"a":1}' });
  const { status, out } = await explain('--pattern', pattern, '--event', event);
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out), {
    matched: false,
    fields: [
      { field: 'source', expected: ['shop'], found: ['shop'], matched: true },
      { field: 'detail.drink', expected: [{ prefix: 'co' }], found: ['tea'], matched: false },
    ],
  });
  const refused = await explain('--pattern', broken, '--event', event);
  assert.equal(refused.status, 1);
  assert.match(refused.error, /broken: Event pattern is not valid/);
});

test('a running server is asked about an event, or the id of one that passed', async (t) => {
  const { url } = await serverFor(t);
  const { events } = clients(url);
  await events.send(new PutRuleCommand({ Name: 'tea', EventPattern: '{"source":["shop"]}' }));
  await events.send(new PutRuleCommand({ Name: 'milk', EventPattern: '{"source":["cow"]}' }));
  const [event] = files(t, { event: tea });
  const all = await explain('--event', event, '--endpoint', url);
  assert.equal(all.status, 0, all.error);
  const verdicts = JSON.parse(all.out).rules.map(({ rule, matched }) => [rule, matched]);
  assert.deepEqual(verdicts, [
    ['milk', false],
    ['tea', true],
  ]);
  const entry = { Source: 'shop', DetailType: 'order', Detail: '{}' };
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  const id = Entries[0].EventId;
  const one = await explain('--id', id, '--rule', 'tea', '--bus', 'default', '--endpoint', url);
  assert.equal(JSON.parse(one.out).rules.length, 1);
  const none = await explain('--event', event, '--rule', 'coffee', '--endpoint', url);
  assert.deepEqual([none.status, none.out], [1, '']);
  assert.match(none.error, /coffee/);
});

test('arguments that are not understood end with 2, and an absent server with 1', async (t) => {
  const [event] = files(t, { event: tea });
  assert.equal((await explain()).status, 2);
  assert.equal((await explain('--pattern', event)).status, 2);
  assert.equal((await explain('--event', event, '--id', 'x')).status, 2);
  const absent = await explain('--event', event, '--endpoint', 'http://127.0.0.1:9');
  assert.equal(absent.status, 1);
  assert.match(absent.error, /no answer from http:\/\/127\.0\.0\.1:9/);
});
