// The wire: headers, errors, accounts and regions, and everything that a client should not send.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import {
  CreateStateMachineCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, rawCall, role } from './support.mjs';

let presso;
before(async () => {
  presso = await startPresso();
});
after(() => presso.stop());

const pass = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });

test('answers carry a request id and the protocol’s content type', async () => {
  const states = await rawCall(presso.url, 'AWSStepFunctions.ListStateMachines', '{}');
  assert.equal(states.status, 200);
  assert.equal(states.headers.get('content-type'), 'application/x-amz-json-1.0');
  assert.match(states.headers.get('x-amzn-requestid'), /^[0-9a-f-]{36}$/);
  const events = await rawCall(presso.url, 'AWSEvents.ListEventBuses', '{}');
  assert.equal(events.headers.get('content-type'), 'application/x-amz-json-1.1');
});

test('the buses default and Serverlesspresso are there from the start', async () => {
  const { EventBuses } = await clients(presso.url).events.send(new ListEventBusesCommand({}));
  assert.deepEqual(
    EventBuses.map(({ Name }) => Name),
    ['Serverlesspresso', 'default'],
  );
});

test('errors say what they are in body and header', async () => {
  const answer = await rawCall(
    presso.url,
    'AWSStepFunctions.DescribeStateMachine',
    JSON.stringify({ stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none' }),
  );
  assert.equal(answer.status, 400);
  assert.match(answer.json.__type, /StateMachineDoesNotExist$/);
  assert.equal(
    answer.json.message,
    "State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:none'",
  );
  assert.match(answer.headers.get('x-amzn-errortype'), /^StateMachineDoesNotExist/);
});

test('an unknown operation, bad JSON and wrong types are told apart', async () => {
  const unknown = await rawCall(presso.url, 'AWSStepFunctions.Nonsense', '{}');
  assert.equal(unknown.status, 400);
  assert.match(unknown.json.__type, /UnknownOperationException$/);
  for (const body of [
    '{',
    '[]',
    '{"name": 5, "definition": [], "roleArn": {}}',
    'null',
    '"x"',
    '\u0000',
  ]) {
    const bad = await rawCall(presso.url, 'AWSStepFunctions.CreateStateMachine', body);
    assert.equal(bad.status, 400, body);
    assert.match(bad.json.__type, /SerializationException$/, body);
  }
});

test('a body over 4 MiB is refused and the server goes on', async () => {
  const answer = await rawCall(
    presso.url,
    'AWSStepFunctions.ListStateMachines',
    'x'.repeat(4 * 1024 * 1024 + 1),
  ).catch((error) => ({ status: 413, error }));
  assert.equal(answer.status, 413);
  assert.equal((await rawCall(presso.url, 'AWSStepFunctions.ListStateMachines', '{}')).status, 200);
});

test('accounts and regions never meet', async () => {
  const here = clients(presso.url, { accessKeyId: '111111111111', region: 'eu-west-1' });
  const { stateMachineArn } = await here.states.send(
    new CreateStateMachineCommand({ name: 'mine', definition: pass, roleArn: role }),
  );
  assert.equal(stateMachineArn, 'arn:aws:states:eu-west-1:111111111111:stateMachine:mine');
  const names = async (options) =>
    (
      await clients(presso.url, options).states.send(new ListStateMachinesCommand({}))
    ).stateMachines.map(({ name }) => name);
  assert.deepEqual(await names({ accessKeyId: '111111111111', region: 'eu-west-1' }), ['mine']);
  assert.deepEqual(await names({ accessKeyId: '222222222222', region: 'eu-west-1' }), []);
  assert.deepEqual(await names({ accessKeyId: '111111111111', region: 'us-east-1' }), []);
});

test('input of 256 KiB is taken, a byte more is refused', async () => {
  const { states } = clients(presso.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'big', definition: pass, roleArn: role }),
  );
  const text = (size) => JSON.stringify('x'.repeat(size - 2));
  await states.send(new StartExecutionCommand({ stateMachineArn, input: text(262_144) }));
  await assert.rejects(
    states.send(new StartExecutionCommand({ stateMachineArn, input: text(262_145) })),
    {
      name: /ValidationException|InvalidExecutionInput/,
    },
  );
});

test('a page of another origin cannot act, one of this machine can', async () => {
  const call = (headers) =>
    rawCall(presso.url, 'AWSStepFunctions.ListStateMachines', '{}', headers);
  assert.equal((await call({ origin: 'https://evil.example' })).status, 403);
  assert.equal((await call({ origin: 'http://localhost:3000' })).status, 200);
  const health = (headers) => fetch(`${presso.url}/_presso/health`, { headers });
  assert.equal((await health({})).status, 200);
  assert.equal((await health({ origin: 'https://evil.example' })).status, 403);
});

// Sends bytes, gives what came back before the connection closed or fell silent.
function exchange(bytes, silenceMs = 300) {
  const { hostname, port } = new URL(presso.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

test('the admin paths want a loopback host', async () => {
  const rebound = await exchange(
    'GET /_presso/health HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
  );
  assert.match(rebound, /^HTTP\/1\.1 403 /);
});

test('pipelined requests are answered in order', async () => {
  const one = (body, target) =>
    `POST / HTTP/1.1\r\nHost: sync-x\r\nX-Amz-Target: ${target}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  const text = await exchange(
    one('{}', 'AWSStepFunctions.ListStateMachines') +
      one('{}', 'AWSEvents.ListEventBuses') +
      one('{}', 'AWSStepFunctions.No'),
  );
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  assert.deepEqual(statuses, ['200', '200', '400']);
  assert.ok(text.indexOf('stateMachines') < text.indexOf('EventBuses'));
});

test('garbage on the wire harms nobody', async () => {
  for (const bytes of [
    '\x16\x03\x01',
    'GET',
    'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n\r\n`,
    '\r\n\r\n\r\n',
  ]) {
    await exchange(bytes);
  }
  assert.equal((await rawCall(presso.url, 'AWSStepFunctions.ListStateMachines', '{}')).status, 200);
});
