// Functions by process as tasks of state machines and as targets of rules and schedules call them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { functionsFor } from './functions_support.mjs';
import { clients, clock, eventually, role } from './support.mjs';

const timeout = 30; // the machine may be busy
const node = (handler, more) =>
  ({ runtime: 'nodejs20.x', handler, code: 'code', timeout, ...more });
const arnOf = (name) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const app = `
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
exports.echo = async (event) => ({ echo: event });
exports.text = async () => 'text';
exports.fails = async () => { throw new TypeError('boom'); };
exports.exits = async () => process.exit(1);
exports.loops = () => { for (;;); };
exports.sleeps = async ({ ms, path }) => {
  if (path) fs.writeFileSync(path, 'begun');
  await sleep(ms);
  return ms;
};
exports.write = async (event) => {
  await sleep(event.ms ?? 0);
  fs.appendFileSync(process.env.FILE, JSON.stringify(event) + '\\n');
};
`;
const files = { 'code/app.js': app };

let machines = 0;
async function start(states, States, input = '{}') {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: `m${++machines}`,
      roleArn: role,
      definition: JSON.stringify({ StartAt: Object.keys(States)[0], States }),
    }),
  );
  return (await states.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn;
}

// What a function has written, when its last line is complete.
function whole(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.endsWith('\n') ? text : undefined;
}

const describe = (states, executionArn) =>
  states.send(new DescribeExecutionCommand({ executionArn }));

async function run(states, task, input) {
  const T = { Type: 'Task', End: true, ...task };
  const executionArn = await start(states, { T }, input);
  return eventually(async () => {
    const seen = await describe(states, executionArn);
    return seen.status !== 'RUNNING' && seen;
  });
}

test('a task calls a function by every resource', async (t) => {
  // Another server for Lambda is configured, and not asked.
  const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const functions = { echo: node('app.echo'), text: node('app.text') };
  const { url } = await functionsFor(t, functions, files, { environment });
  const { states } = clients(url);
  const bare = await run(states, { Resource: arnOf('echo') }, '{"a":1}');
  assert.equal(bare.output, '{"echo":{"a":1}}', bare.cause);
  const elsewhere = 'arn:aws:lambda:eu-west-1:123456789012:function:text:live';
  assert.equal((await run(states, { Resource: elsewhere })).output, '"text"');

  const Parameters = { FunctionName: 'echo', 'Payload.$': '$', LogType: 'Tail' };
  const Resource = 'arn:aws:states:::lambda:invoke';
  const whole = await run(states, { Resource, Parameters }, '{"a":2}');
  const output = JSON.parse(whole.output);
  assert.deepEqual(output.Payload, { echo: { a: 2 } });
  assert.equal(output.ExecutedVersion, '$LATEST');
  assert.equal(output.StatusCode, 200);
  const log = Buffer.from(output.LogResult, 'base64').toString();
  assert.ok(log.startsWith(`START RequestId: ${output.SdkResponseMetadata.RequestId} `));
  const headers = output.SdkHttpMetadata.HttpHeaders;
  for (const name of ['Content-Length', 'Content-Type', 'Date', 'X-Amz-Executed-Version',
    'X-Amzn-Trace-Id', 'x-amzn-Remapped-Content-Length', 'x-amzn-RequestId', 'Connection']) {
    assert.equal(typeof headers[name], 'string', name);
  }

  const sdk = { FunctionName: arnOf('echo'), 'Payload.$': '$' };
  const bySdk = await run(states,
    { Resource: 'arn:aws:states:::aws-sdk:lambda:invoke', Parameters: sdk }, '{"a":3}');
  assert.equal(bySdk.status, 'SUCCEEDED', bySdk.cause);
  assert.match(bySdk.output, /\{\\?"echo\\?":\{\\?"a\\?":3\}\}/);
  assert.equal(JSON.parse(bySdk.output).StatusCode, 200);
});

test('errors of a function are those of its task', async (t) => {
  const functions = {
    fails: node('app.fails'),
    exits: node('app.exits'),
    loops: node('app.loops', { timeout: 1 }),
    busy: node('app.sleeps', { timeout: 60, concurrency: 1 }),
    missing: node('app.missing'),
  };
  const { url, folder } = await functionsFor(t, functions, files);
  const { states } = clients(url);
  const Resource = 'arn:aws:states:::lambda:invoke';
  const invoke = (FunctionName, Payload = {}) =>
    run(states, { Resource, Parameters: { FunctionName, Payload } });
  const fails = await invoke('fails');
  assert.equal(fails.error, 'TypeError');
  assert.equal(JSON.parse(fails.cause).errorMessage, 'boom');
  assert.equal((await run(states, { Resource: arnOf('fails') })).error, 'TypeError');
  const exits = await invoke('exits');
  assert.equal(exits.error, 'Runtime.ExitError');
  assert.match(JSON.parse(exits.cause).errorMessage, /Runtime exited with error: exit status 1$/);
  const loops = await invoke('loops');
  assert.equal(loops.error, 'Sandbox.Timedout');
  assert.match(JSON.parse(loops.cause).errorMessage, /Task timed out after 1.00 seconds$/);
  assert.equal((await invoke('missing')).error, 'Runtime.HandlerNotFound');

  const path = join(folder, 'begun');
  const first = run(states, { Resource: arnOf('busy') }, JSON.stringify({ ms: 3_000, path }));
  await eventually(() => existsSync(path), 'the first runs');
  const throttled = await run(states, { Resource: arnOf('busy') }, '{"ms":0}');
  assert.equal(throttled.error, 'Lambda.TooManyRequestsException');
  const begin = 'Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: ';
  assert.ok(throttled.cause.startsWith(begin), throttled.cause);
  assert.match(throttled.cause, /TooManyRequestsException; Request ID: [0-9a-f-]{36}; Proxy/);
  assert.equal((await first).output, '3000');

  const unknown = await invoke('nobody');
  assert.equal(unknown.error, 'States.TaskFailed');
  assert.match(unknown.cause, /AWS_ENDPOINT_URL_LAMBDA/);
});

test('a task token comes back through a function', async (t) => {
  const functions = { write: node('app.write', { environment: { FILE: '' } }) };
  const { url, folder } = await functionsFor(t, functions, {
    'code/app.js': app.replace('process.env.FILE', "'../written'"),
  });
  const { states } = clients(url);
  const Parameters = { FunctionName: 'write', Payload: { 'token.$': '$$.Task.Token' } };
  const done = run(states, {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters,
  });
  const path = join(folder, 'written');
  const text = await eventually(() => whole(path));
  const taskToken = JSON.parse(text).token;
  await states.send(new SendTaskSuccessCommand({ taskToken, output: '"back"' }));
  assert.equal((await done).output, '"back"');
});

async function ruleFor(events, name, Arn) {
  const EventPattern = JSON.stringify({ source: [name] });
  await events.send(new PutRuleCommand({ Name: name, EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'f', Arn }] }));
  return (Detail) => {
    const entry = { Source: name, DetailType: 'd', Detail: JSON.stringify(Detail) };
    return events.send(new PutEventsCommand({ Entries: [entry] }));
  };
}

test('a rule reaches a function', async (t) => {
  const { url, folder } = await functionsFor(t, { write: node('app.write') }, {
    'code/app.js': app.replace('process.env.FILE', "'../written'"),
  });
  const { events } = clients(url);
  const put = await ruleFor(events, 'orders', arnOf('write'));
  await put({ n: 1 });
  const path = join(folder, 'written');
  const text = await eventually(() => whole(path));
  const event = JSON.parse(text);
  assert.deepEqual(event.detail, { n: 1 });
  assert.equal(event.source, 'orders');
});

test('a schedule reaches a function, by its ARN and by Lambda’s own action', async (t) => {
  const code = { 'code/app.js': app.replace('process.env.FILE', "'../written'") };
  const functions = { write: node('app.write') };
  const options = ['--clock', 'frozen'];
  const { url, folder } = await functionsFor(t, functions, code, { options });
  const schedule = async (name, Arn, Input) => {
    const body = JSON.stringify({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn, RoleArn: role, Input: JSON.stringify(Input) },
    });
    const { status } = await fetch(`${url}/schedules/${name}`, { method: 'POST', body });
    assert.equal(status, 200);
  };
  await schedule('arn', arnOf('write'), { by: 'ARN' });
  const universal = 'arn:aws:scheduler:::aws-sdk:lambda:invoke';
  const call = { FunctionName: 'write', InvocationType: 'Event' };
  await schedule('action', universal, { ...call, Payload: '{"by":"action"}' });
  await clock(url, { advance_seconds: 61 });
  const path = join(folder, 'written');
  const lines = await eventually(() => {
    const seen = whole(path)?.trim().split('\n');
    return seen?.length >= 2 && seen;
  });
  assert.deepEqual(new Set(lines), new Set(['{"by":"ARN"}', '{"by":"action"}']));
});

test('a function that runs holds virtual time back', async (t) => {
  const functions = { sleeps: node('app.sleeps', { timeout: 60 }), write: node('app.write') };
  const { url, folder } = await functionsFor(t, functions, {
    'code/app.js': app.replace('process.env.FILE', "'../written'")
      .replace('event.ms ?? 0', 'event.detail.ms'),
  }, { options: ['--clock', 'frozen'] });
  const { states, events } = clients(url);
  const States = {
    T: { Type: 'Task', Resource: arnOf('sleeps'), Next: 'W' },
    W: { Type: 'Wait', Seconds: 3600, End: true },
  };
  const executionArn = await start(states, States, '{"ms":1000}');
  await clock(url, { advance_seconds: 7200 });
  const seen = await describe(states, executionArn);
  assert.equal(seen.status, 'SUCCEEDED');
  assert.equal(seen.stopDate - seen.startDate, 3_600_000);
  // An asynchronous one, too, though nobody waits for it.
  const put = await ruleFor(events, 'later', arnOf('write'));
  await put({ ms: 1000 });
  await start(states, { W: { Type: 'Wait', Seconds: 60, End: true } });
  await clock(url, { advance_seconds: 120 });
  assert.ok(existsSync(join(folder, 'written')));
});
