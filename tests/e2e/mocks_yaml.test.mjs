// `mocks:` of presso.yaml and /_presso/mocks, with the stock client.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';

import { pressoBinary, startPresso } from '../../examples/serverlesspresso/servers.mjs';
import {
  clients,
  clock,
  eventually,
  receiver,
  role,
  serverFor,
  temporaryFolder,
} from './support.mjs';

const message = { status: 200, headers: {}, body: '{"MessageId":"real","MD5OfMessageBody":"d"}' };

const send = (more = {}) => ({
  StartAt: 'Send',
  States: {
    Send: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'http://localhost/0/jobs', 'MessageBody.$': '$.body' },
      ...more,
      End: true,
    },
  },
});
const invoke = (name) => ({
  StartAt: 'Invoke',
  States: {
    Invoke: {
      Type: 'Task',
      Resource: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      End: true,
    },
  },
});

// A presso with these mocks, and what tests do with it.
async function mocking(t, mocks, { options = [], environment = {}, start = serverFor } = {}) {
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, mocks);
  const presso = await start(t, { options: ['--config', file, ...options], environment });
  const { states, events } = clients(presso.url);
  const create = async (name, definition, type = 'STANDARD') => {
    const made = await states.send(
      new CreateStateMachineCommand({
        name,
        type,
        definition: JSON.stringify(definition),
        roleArn: role,
      }),
    );
    return made.stateMachineArn;
  };
  const begin = async (stateMachineArn, input = {}) => {
    const started = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return started.executionArn;
  };
  const end = (executionArn) =>
    eventually(async () => {
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status !== 'RUNNING' && execution;
    }, 'an end');
  const run = async (stateMachineArn, input) => {
    const ended = await end(await begin(stateMachineArn, input));
    if (ended.status === 'SUCCEEDED') return JSON.parse(ended.output);
    return `${ended.error}: ${ended.cause}`;
  };
  const admin = async (path, method = 'GET', body = undefined) => {
    const response = await fetch(`${presso.url}/_presso/${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  return { presso, file, states, events, create, begin, end, run, admin };
}

const counts = (body, id) => {
  const found = body.mocks.find((mock) => mock.id === id);
  return found === undefined ? undefined : [found.calls, found.hits];
};

test('tasks are answered by arguments, state, count and expression, or called', async (t) => {
  const queue = await receiver(t, () => message);
  const { create, run, admin } = await mocking(
    t,
    `mocks:
  - id: big
    call: queue jobs
    arguments: {MessageBody: [{prefix: big}]}
    throw: {error: SQS.SqsException, cause: too big}
  - id: other
    call: sqs:sendMessage
    machine: oth*
    state: Send
    return: {MessageId: "{% $uppercase($states.input.MessageBody) %}"}
  - id: third
    call: queue j*
    on: 3
    throw: {error: Busy}
  - {id: one, call: sqs, once: true, arguments: {MessageBody: [once]}, return: {MessageId: once}}
  - {id: never, call: "*", rate: 0, throw: {error: Never}}
  - {id: bad, call: "*", arguments: {MessageBody: [wrong]}, return: {MessageId: 7}}
  - {call: "function f*", return: {StatusCode: 200, Payload: {n: 1}}}
`,
    { environment: { AWS_ENDPOINT_URL_SQS: queue.url } },
  );
  const machine = await create('jobs', send());
  const other = await create('others', send());
  assert.equal(await run(machine, { body: 'big one' }), 'SQS.SqsException: too big');
  assert.deepEqual(await run(other, { body: 'abc' }), { MessageId: 'ABC' });
  assert.equal(queue.received.length, 0);
  assert.equal(await run(machine, { body: 'x' }), 'Busy: undefined');
  assert.equal((await run(machine, { body: 'x' })).MessageId, 'real');
  assert.equal((await run(machine, { body: 'once' })).MessageId, 'once');
  assert.equal((await run(machine, { body: 'once' })).MessageId, 'real');
  assert.equal(queue.received.length, 2);
  assert.match(
    await run(machine, { body: 'wrong' }),
    /^States.Runtime: Mock result schema validation error: Field 'MessageId' must be a string/,
  );
  assert.deepEqual(await run(await create('calls', invoke('fetch')), {}), { n: 1 });
  assert.deepEqual(await run(await create('more', invoke('fast')), {}), { n: 1 });
  const { body } = await admin('mocks');
  assert.deepEqual(counts(body, 'big'), [1, 1]);
  assert.deepEqual(counts(body, 'third'), [7, 1]);
  assert.deepEqual(counts(body, 'one'), [2, 1]);
  assert.deepEqual(counts(body, 'never'), [9, 0]);
  assert.equal(body.mocks[0].source, 'file');
  assert.match(body.mocks[0].where, /presso\.yaml:2$/);
});

test('a test case and an Express execution are mocked too', async (t) => {
  const { states, create, run } = await mocking(
    t,
    `mocks:
  - {call: lambda, case: Happy, return: {Payload: {mood: good}}}
  - {call: lambda, throw: {error: Sad}}
`,
  );
  const machine = await create('calls', invoke('f'));
  assert.deepEqual(await run(`${machine}#Happy`), { mood: 'good' });
  assert.equal(await run(machine), 'Sad: undefined');
  await assert.rejects(run(`${machine}#Unknown`), { name: 'InvalidArn' });
  const express = await create('quick', invoke('f'), 'EXPRESS');
  const { output } = await states.send(
    new StartSyncExecutionCommand({ stateMachineArn: `${express}#Happy` }),
  );
  assert.deepEqual(JSON.parse(output), { mood: 'good' });
});

test('latency is virtual time, and without an answer the call is made afterwards', async (t) => {
  const queue = await receiver(t, () => message);
  const { presso, create, begin, end } = await mocking(
    t,
    `mocks:
  - {call: sqs, latency: 20s}
  - {call: lambda, latency: 300h, return: {Payload: late}}
`,
    { options: ['--clock', 'frozen'], environment: { AWS_ENDPOINT_URL_SQS: queue.url } },
  );
  const sending = await begin(await create('jobs', send()), { body: 'x' });
  const calling = await begin(await create('calls', invoke('f')));
  await clock(presso.url, { advance_seconds: 19 });
  assert.equal(queue.received.length, 0);
  await clock(presso.url, { advance_seconds: 1 });
  assert.equal((await end(sending)).status, 'SUCCEEDED');
  assert.equal(queue.received.length, 1);
  await clock(presso.url, { advance_seconds: 300 * 3600 });
  assert.equal((await end(calling)).output, '"late"');
});

test('deliveries of a rule fail, and come again', async (t) => {
  const queue = await receiver(t, () => message);
  const { presso, events, admin } = await mocking(
    t,
    `mocks:
  - {id: fault, call: "sqs:sendMessage", on: 1-2, throw: {error: THROTTLING, cause: slow down}}
`,
    { options: ['--clock', 'frozen'], environment: { AWS_ENDPOINT_URL_SQS: queue.url } },
  );
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["shop"]}' }));
  const Arn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 'q', Arn }] }));
  const put = await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'd', Detail: '{}' }] }),
  );
  assert.equal(put.FailedEntryCount, 0);
  await clock(presso.url, { advance_seconds: 3600 });
  await eventually(() => queue.received.length === 1, 'the delivery');
  assert.deepEqual(counts((await admin('mocks')).body, 'fault'), [3, 2]);
});

test('mocks are told at run time, replaced and taken away', async (t) => {
  const queue = await receiver(t, () => message);
  const { create, run, admin } = await mocking(
    t,
    'mocks: [{id: file, call: sqs, return: {MessageId: file}}]',
    { environment: { AWS_ENDPOINT_URL_SQS: queue.url } },
  );
  const machine = await create('jobs', send());
  const id = async () => (await run(machine, { body: 'x' })).MessageId;
  assert.equal(await id(), 'file');
  const told = await admin('mocks', 'POST', { id: 'a', call: 'sqs', return: { MessageId: 'a' } });
  assert.equal(told.status, 200);
  assert.deepEqual(
    told.body.mocks.map((mock) => [mock.id, mock.source]),
    [
      ['a', 'run time'],
      ['file', 'file'],
    ],
  );
  assert.equal(await id(), 'a');
  await admin('mocks', 'POST', [{ id: 'b', call: 'sqs', once: true, return: { MessageId: 'b' } }]);
  assert.equal(await id(), 'b');
  assert.equal(await id(), 'a');
  const { body: why } = await admin(`routes?resource=${encodeURIComponent('queue jobs')}`);
  assert.equal(why.to, queue.url);
  assert.deepEqual(
    why.mocks.map((mock) => mock.id),
    ['b', 'a', 'file'],
  );
  assert.equal((await admin('mocks/b', 'DELETE')).status, 200);
  assert.equal((await admin('mocks/b', 'DELETE')).status, 404);
  const ofFile = await admin('mocks/file', 'DELETE');
  assert.equal(ofFile.status, 400);
  assert.match(ofFile.body.message, /'file' is of the configuration/);
  await admin('mocks', 'PUT', [{ id: 'c', call: 'sqs', return: { MessageId: 'c' } }]);
  assert.equal(await id(), 'c');
  const one = await admin('mocks/d', 'PUT', { call: 'sqs', return: { MessageId: 'd' } });
  assert.equal(one.body.id, 'd');
  assert.equal(await id(), 'd');
  assert.equal((await admin('mocks/d')).body.hits, 1);
  assert.equal((await admin('mocks/e')).status, 404);
  assert.equal((await admin('mocks/e', 'POST', { call: 'sqs', latency: '1s' })).status, 400);
  const other = await admin('mocks/e', 'PUT', { id: 'd', call: 'sqs', latency: '1s' });
  assert.equal(other.body.message, 'mock.id: is another than that of the path');
  await admin('mocks', 'DELETE');
  assert.equal(await id(), 'file');
});

test('what is wrong at run time is told as in the file', async (t) => {
  const { admin } = await mocking(t, 'mocks:\n');
  const wrong = async (body) => {
    const answer = await admin('mocks', 'POST', body);
    assert.equal(answer.status, 400);
    return answer.body.message;
  };
  assert.equal(await wrong({ calls: 'sqs' }), 'mock.calls: mocks have no such setting');
  assert.equal(
    await wrong([{ call: 'sqs', latency: '1s' }, { call: 'sqs:sendMesage', latency: '1s' }]),
    "mocks[1].call: the service sqs has no action 'sendMesage'",
  );
  assert.match(await wrong({ call: 'squeeze', latency: '1s' }), /^mock.call: .*'squeeze'/);
  assert.match(
    await wrong({ call: '*', arguments: { a: 'b' }, latency: '1s' }),
    /^mock.arguments: Event pattern is not valid\. Reason: /,
  );
  assert.match(await wrong({ call: '*', return: '{% ( %}' }), /^mock.return: .*JSONata/);
  assert.deepEqual((await admin('mocks')).body, { mocks: [] });
});

test('what is wrong in the file is told at the start with its line', (t) => {
  const file = join(temporaryFolder(t), 'presso.yaml');
  const refusal = (text) => {
    writeFileSync(file, text);
    const ended = spawnSync(pressoBinary, ['serve', '--port', '0', '--config', file], {
      encoding: 'utf8',
    });
    assert.equal(ended.status, 1);
    return ended.stderr.trim().replace(file, 'presso.yaml');
  };
  assert.equal(
    refusal('mocks:\n  - call: sqs\n    throw: {error: E}\n    latency: soon\n'),
    'presso: presso.yaml:4: mocks[0].latency: must be a time as in "500ms", "20s", "5m" or "1h", ' +
      'and at most a year',
  );
  assert.equal(
    refusal('mocks:\n  - call: sqs\n    throw:\n      error: E\n      reason: x\n'),
    'presso: presso.yaml:5: mocks[0].throw.reason: there are only error and cause',
  );
  assert.equal(
    refusal('mocks:\n  - {call: sqs, latency: 1s}\n  - latency: 1s\n').slice(0, 38),
    'presso: presso.yaml:3: mocks[1]: it sa',
  );
  assert.equal(refusal('mocks: 3\n'), 'presso: presso.yaml:1: mocks is a list of mocks');
});

test('the file is read again when it changes; a mistake in it changes nothing', async (t) => {
  const { file, create, run, admin } = await mocking(
    t,
    'mocks: [{id: a, call: lambda, return: {Payload: 1}}]',
  );
  const machine = await create('calls', invoke('f'));
  assert.equal(await run(machine), 1);
  writeFileSync(file, 'mocks: [{id: a, call: lambda, return: {Payload: 22}}]');
  assert.equal(await run(machine), 22);
  assert.deepEqual(counts((await admin('mocks')).body, 'a'), [2, 2]);
  writeFileSync(file, 'mocks: [{id: a, call: lambda}]');
  assert.equal(await run(machine), 22);
  writeFileSync(file, 'mocks: [{id: b, call: lambda, return: {Payload: 3}}]');
  assert.deepEqual(counts((await admin('mocks')).body, 'a'), undefined);
  assert.equal(await run(machine), 3);
});

test('counts, delays and what was told survive kill -9', async (t) => {
  const queue = await receiver(t, () => message);
  const folder = temporaryFolder(t);
  const file = join(folder, 'presso.yaml');
  writeFileSync(
    file,
    `mocks:
  - {id: third, call: sqs, on: 3, return: {MessageId: third}}
  - {id: slow, call: sqs, on: 4, latency: 60s}
`,
  );
  const options = ['--config', file, '--data', join(folder, 'data'), '--clock', 'frozen'];
  const environment = { AWS_ENDPOINT_URL_SQS: queue.url };
  let presso = await startPresso({ options, environment });
  t.after(() => presso.stop());
  const restart = async () => {
    await presso.kill();
    presso = await startPresso({ options, environment });
  };
  const { stateMachineArn } = await clients(presso.url).states.send(
    new CreateStateMachineCommand({
      name: 'jobs',
      definition: JSON.stringify(send()),
      roleArn: role,
    }),
  );
  const begin = () =>
    clients(presso.url).states.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"body":"x"}' }),
    );
  const end = ({ executionArn }) =>
    eventually(async () => {
      const { states } = clients(presso.url);
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status !== 'RUNNING' && JSON.parse(execution.output).MessageId;
    }, 'an end');
  const tell = await fetch(`${presso.url}/_presso/mocks`, {
    method: 'POST',
    body: JSON.stringify({ id: 'told', call: 'sqs', on: 5, return: { MessageId: 'told' } }),
  });
  assert.equal(tell.status, 200);
  for (const expected of ['real', 'real', 'third']) {
    assert.equal(await end(await begin()), expected);
    await restart();
  }
  const slow = await begin();
  await restart();
  assert.equal(queue.received.length, 2);
  await clock(presso.url, { advance_seconds: 60 });
  assert.equal(await end(slow), 'real');
  assert.equal(queue.received.length, 3);
  assert.equal(await end(await begin()), 'told');
  const listed = await (await fetch(`${presso.url}/_presso/mocks`)).json();
  assert.deepEqual(counts(listed, 'told'), [5, 1]);
  assert.deepEqual(counts(listed, 'slow'), [5, 1]);
});

test('presso routes says which mocks come before a route', (t) => {
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(
    file,
    `routes: {sqs: "http://localhost:9324"}
mocks:
  - {id: third, call: queue jobs-*, on: 3, throw: {error: Busy}}
  - {id: others, call: sns, latency: 1s}
`,
  );
  const said = execFileSync(pressoBinary, ['routes', 'queue jobs-1', '--config', file], {
    encoding: 'utf8',
  });
  assert.equal(
    said.replaceAll(file, 'presso.yaml'),
    'queue jobs-1: http://localhost:9324  (presso.yaml:1: sqs)\n' +
      `  asked before: mock 'third': on 3, throw {"error":"Busy"}  (presso.yaml:3)\n`,
  );
});
