// Work of every kind, with a pause after each piece that is as long as the piece was: half of the
// maximum rate. What is closed leaves after a minute, so that after a while the server stands
// still: nothing of it grows from then on. PRESSO_SOAK_SECONDS sets the time (300).
//
// Growth is the difference of two means, of the first third of the time after that and of the
// last. What leaks more than the tolerance divided by the operations between those is found. Times
// are told, not asserted.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  durable,
  loadOnce,
  memoryBytes,
  processCpu,
  roleArn,
  startHello,
  withPresso,
} from '../bench/servers.mjs';
import { eventually, receiver } from '../e2e/support.mjs';

const wanted = Number(process.env.PRESSO_SOAK_SECONDS ?? 300);
const warmUp = Math.max(wanted / 4, 100); // seconds: the retention and its sweep
const mebibyte = 1024 * 1024;
const tolerance = 8 * mebibyte;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const arn = (service, resource) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const states = (operation) => `AWSStepFunctions.${operation}`;
const events = (operation) => `AWSEvents.${operation}`;

const item = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };
const wait = { Type: 'Wait', Seconds: 10 * 86_400, End: true };
const order = {
  StartAt: 'Which',
  States: {
    Which: {
      Type: 'Choice',
      Choices: [{ Variable: '$.size', StringEquals: 'large', Next: 'Each' }],
      Default: 'Fail',
    },
    Each: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: item, Next: 'Brew' },
    Brew: { Type: 'Wait', Seconds: 2, Next: 'Tell' },
    Tell: {
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents',
      Parameters: { Entries: [{ Source: 'order', DetailType: 'done', Detail: {} }] },
      End: true,
    },
    Fail: { Type: 'Fail', Error: 'Small' },
  },
};

async function setUp(server, hook) {
  const make = async (name, definition) =>
    server.call(states('CreateStateMachine'), {
      name,
      roleArn,
      definition: JSON.stringify(definition),
    });
  const { stateMachineArn } = await make('order', order);
  const { stateMachineArn: pass } = await make('pass', item);
  const rule = async (Name, put, ...arns) => {
    await server.call(events('PutRule'), { Name, ...put });
    const Targets = arns.map((Arn, i) => ({ Id: `${i}`, Arn, RoleArn: roleArn }));
    const { FailedEntryCount } = await server.call(events('PutTargets'), { Rule: Name, Targets });
    assert.equal(FailedEntryCount, 0);
  };
  const source = (name) => ({ EventPattern: JSON.stringify({ source: [name] }) });
  await rule('sends-on', source('shop'), arn('events', 'event-bus/Serverlesspresso'));
  await rule('starts', source('start'), pass);
  await rule('tells', source('tell'), hook);
  await rule('ticks', { ScheduleExpression: 'rate(1 minute)' }, pass);
  const { executionArn } = await server.call(states('StartExecution'), { stateMachineArn: pass });
  const open = await server.call(states('StartExecution'), {
    stateMachineArn: (await make('open', { StartAt: 'W', States: { W: wait } })).stateMachineArn,
  });
  return { order: stateMachineArn, pass, executionArn, open: open.executionArn };
}
const entry = (Source) => ({ Source, DetailType: 'd', Detail: '{"n":1,"text":"some words"}' });
const putEvents = (source, count) => ({
  target: events('PutEvents'),
  body: { Entries: Array.from({ length: count }, () => entry(source)) },
  expected: '"FailedEntryCount":0',
});

// Pieces of about half a second each on the machine that measured docs/performance.md.
function piecesOf(made) {
  const start = (stateMachineArn, input) => ({
    target: states('StartExecution'),
    body: { stateMachineArn, input: JSON.stringify(input) },
    expected: 'executionArn',
  });
  return [
    { ...start(made.order, { size: 'large', items: [1, 2, 3] }), requests: 1_500 },
    { ...start(made.order, { size: 'small' }), requests: 4_000 },
    { ...start(made.pass, { any: 'thing' }), requests: 8_000 },
    { ...putEvents('shop', 10), requests: 6_000 },
    { ...putEvents('nobody', 10), requests: 6_000 },
    { ...putEvents('start', 2), requests: 2_000 },
    { ...putEvents('tell', 1), requests: 500 },
    {
      target: states('DescribeExecution'),
      body: { executionArn: made.open },
      requests: 15_000,
      expected: 'RUNNING',
    },
    {
      target: states('GetExecutionHistory'),
      body: { executionArn: made.open },
      requests: 10_000,
      expected: 'WaitStateEntered',
    },
    {
      target: states('ListExecutions'),
      body: { stateMachineArn: made.order, maxResults: 20 },
      requests: 3_000,
      expected: '"executions"',
    },
  ];
}

const filesIn = (folder) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
const threadsOf = (pid) =>
  Number(/Threads:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

// One that reads what it is sent, and one that does not and is left behind.
function listen(url, isReading) {
  const end = new AbortController();
  const read = async () => {
    const answer = await fetch(`${url}/_presso/events`, { signal: end.signal });
    if (!isReading) return;
    for await (const chunk of answer.body) if (chunk.length === 0) break;
  };
  return { over: read().catch(() => {}), stop: () => end.abort() };
}

async function soak(server, folder, pieces, hello) {
  const samples = [];
  const begin = Date.now();
  let operations = 0;
  while (Date.now() - begin < wanted * 1000) {
    const listeners = [listen(server.url, true), listen(server.url, false)];
    const took = {};
    for (const piece of pieces) {
      const at = Date.now();
      const cpu = processCpu(server.pid);
      const { p50, p99 } = await loadOnce(server, piece);
      took[piece.target] = { p50, p99, cpu: (processCpu(server.pid) - cpu) / piece.requests };
      operations += piece.requests;
      await sleep(Date.now() - at);
    }
    for (const listener of listeners) listener.stop();
    await Promise.all(listeners.map(({ over }) => over));
    const plain = { target: states('ListStateMachines'), body: {}, requests: 5_000 };
    const bare = await loadOnce(hello, plain);
    await sleep(1_000);
    samples.push({
      seconds: (Date.now() - begin) / 1000,
      operations,
      memory: memoryBytes(server.pid),
      descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
      threads: threadsOf(server.pid),
      files: filesIn(folder),
      took,
      bare: bare.cpu,
    });
  }
  return samples;
}

test(`nothing grows in ${wanted} s at half of the maximum rate`, async (t) => {
  const hello = await startHello();
  t.after(() => hello.stop());
  const hook = await receiver(t);
  const options = durable();
  await withPresso([...options, '--retention', '1m'], async (server) => {
    const made = await setUp(server, hook.url);
    const samples = await soak(server, options[1], piecesOf(made), hello);
    const settled = samples.filter(({ seconds }) => seconds > warmUp);
    assert.ok(settled.length >= 4, `${settled.length} samples`);
    const third = Math.floor(settled.length / 3);
    const early = settled.slice(0, third);
    const late = settled.slice(-third);
    const of = (part, what) => mean(part.map((sample) => sample[what]));
    const between = of(late, 'operations') - of(early, 'operations');
    const seen = (tolerance / between).toFixed(1);
    t.diagnostic(`${samples.at(-1).operations} requests; a leak of ${seen} bytes each is seen`);
    for (const what of ['memory', 'descriptors', 'threads', 'files', 'bare']) {
      t.diagnostic(`${what}: ${of(early, what).toFixed(1)} to ${of(late, what).toFixed(1)}`);
    }
    for (const target of Object.keys(settled[0].took)) {
      const cost = (part, what) => mean(part.map(({ took }) => took[target][what])).toFixed(1);
      const line = ['p50', 'p99', 'cpu'].map(
        (what) => `${what} ${cost(early, what)} to ${cost(late, what)}`,
      );
      t.diagnostic(`${target}, µs: ${line.join(', ')}`);
    }
    assert.ok(of(late, 'memory') - of(early, 'memory') < tolerance, 'memory');
    assert.ok(of(late, 'descriptors') <= of(early, 'descriptors') + 2, 'descriptors');
    assert.ok(of(late, 'threads') <= of(early, 'threads'), 'threads');
    assert.ok(of(late, 'files') < 1.25 * of(early, 'files'), 'the file');
    const { status } = await server.call(states('DescribeExecution'), { executionArn: made.open });
    assert.equal(status, 'RUNNING');
    const gone = server.call(states('DescribeExecution'), { executionArn: made.executionArn });
    await assert.rejects(gone, /ExecutionDoesNotExist/);
    assert.ok(hook.received.length > 0);
  });
});
