// Services that fail, hang, reset and answer nonsense, as a task sees them: what an SDK would try
// again is tried again, and what remains is the task's error.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';

import { StopExecutionCommand } from '@aws-sdk/client-sfn';

import { peer } from './forward_support.mjs';
import { clients, eventually, runTask, serverFor, startTask } from './support.mjs';

const listing = 'arn:aws:states:::aws-sdk:dynamodb:listTables';
const tables = '{"TableNames":["orders"]}';
const busy = '{"__type":"com.amazon#ThrottlingException","message":"slow down"}';
const wrong = '{"__type":"com.amazon#ValidationException","message":"wrong"}';

const run = (presso, resource = listing, parameters = {}) =>
  runTask(clients(presso.url).states, resource, parameters);

const answering = (...answers) => (request, response, count) => {
  const [status, body] = answers[Math.min(count, answers.length) - 1];
  request.resume();
  request.on('end', () => response.writeHead(status).end(body));
};

async function toDynamo(t, answer, environment = {}) {
  const dynamo = await peer(t, answer);
  const presso = await serverFor(t, {
    environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url, ...environment },
  });
  return { dynamo, presso };
}

test('what may pass by itself is tried again, and nobody notices', async (t) => {
  for (const first of [[503, ''], [500, busy], [429, ''], [400, busy]]) {
    const { dynamo, presso } = await toDynamo(t, answering(first, [200, tables]));
    const { status, output } = await run(presso);
    assert.deepEqual([status, output], ['SUCCEEDED', '{"TableNames":["orders"]}']);
    assert.equal(dynamo.seen.length, 2);
  }
});

test('after three attempts, or what would fail again, the task fails', async (t) => {
  const down = await toDynamo(t, answering([503, '']));
  const failed = await run(down.presso);
  assert.deepEqual([failed.status, failed.error], ['FAILED', 'DynamoDb.DynamoDbException']);
  assert.match(failed.cause, / Status Code: 503, .*\) \(SDK Attempt Count: 3\)$/);
  assert.equal(down.dynamo.seen.length, 3);

  const refused = await toDynamo(t, answering([400, wrong]));
  const { cause } = await run(refused.presso);
  assert.match(cause, /^wrong \(Service: DynamoDb, .*\) \(SDK Attempt Count: 1\)$/);
  assert.equal(refused.dynamo.seen.length, 1);
});

test('how often is said by AWS_MAX_ATTEMPTS, and by a route', async (t) => {
  const once = await toDynamo(t, answering([503, '']), { AWS_MAX_ATTEMPTS: '1' });
  assert.match((await run(once.presso)).cause, /\(SDK Attempt Count: 1\)$/);
  assert.equal(once.dynamo.seen.length, 1);
  await fetch(`${once.presso.url}/_presso/routes`, {
    method: 'PUT',
    body: JSON.stringify({ dynamodb: { to: once.dynamo.url, max_attempts: 2 } }),
  });
  assert.match((await run(once.presso)).cause, /\(SDK Attempt Count: 2\)$/);
  assert.equal(once.dynamo.seen.length, 3);
});

test('a function is called once', async (t) => {
  const lambda = await peer(t, answering([500, '']));
  const environment = { AWS_ENDPOINT_URL_LAMBDA: lambda.url };
  const presso = await serverFor(t, { environment });
  const failed = await run(presso, 'arn:aws:states:::lambda:invoke', { FunctionName: 'f' });
  assert.deepEqual([failed.status, failed.error], ['FAILED', 'Lambda.ServiceException']);
  assert.equal(lambda.seen.length, 1);
});

test('who is stopped between two attempts gives its place away', async (t) => {
  let isBusy = true;
  const answer = (request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(isBusy ? 429 : 200).end(isBusy ? '' : tables));
  };
  const { dynamo, presso } = await toDynamo(t, answer);
  const route = { to: dynamo.url, max_in_flight: 1, max_attempts: 10 };
  const routes = `${presso.url}/_presso/routes`;
  await fetch(routes, { method: 'PUT', body: JSON.stringify({ dynamodb: route }) });
  const { states } = clients(presso.url);
  const executionArn = await startTask(states, listing, {});
  await eventually(() => dynamo.seen.length > 1, 'another attempt');
  isBusy = false;
  await states.send(new StopExecutionCommand({ executionArn }));
  await eventually(async () => (await (await fetch(routes)).json()).routes[0].in_flight === 0);
  assert.equal((await run(presso)).status, 'SUCCEEDED');
});

// One answer for each connection: text that is written, after which it is closed; 'reset', or
// 'hang'. The last one is for all others too.
async function rawPeer(t, ...answers) {
  let connections = 0;
  const sockets = new Set();
  const server = createServer((socket) => {
    const answer = answers[Math.min(connections++, answers.length - 1)];
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      if (answer === 'reset') return socket.resetAndDestroy();
      if (answer !== 'hang') socket.end(answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, count: () => connections };
}

const whole = `HTTP/1.1 200 OK\r\ncontent-length: ${tables.length}\r\n\r\n${tables}`;
const half = 'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"TableNames":';

test('a reset, half an answer and garbage are tried again', async (t) => {
  for (const first of ['reset', half, 'garbage\r\n\r\n', '']) {
    const dynamo = await rawPeer(t, first, whole);
    const environment = { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url };
    const presso = await serverFor(t, { environment });
    const { status, output } = await run(presso);
    assert.deepEqual([status, output], ['SUCCEEDED', '{"TableNames":["orders"]}'], first);
    assert.equal(dynamo.count(), 2);
  }
});

test('who never answers well is an error of the SDK', async (t) => {
  for (const always of ['reset', half, 'garbage\r\n\r\n', 'hang']) {
    const dynamo = await rawPeer(t, always);
    const presso = await serverFor(t);
    await fetch(`${presso.url}/_presso/routes`, {
      method: 'PUT',
      body: JSON.stringify({ dynamodb: { to: dynamo.url, timeout: 0.5 } }),
    });
    const { status, error, cause } = await run(presso);
    assert.deepEqual([status, error], ['FAILED', 'DynamoDb.SdkClientException'], always);
    assert.match(cause, /^Unable to execute HTTP request: .* \(SDK Attempt Count: 3\)$/);
    await eventually(() => dynamo.count() === 3, 'the third connection');
  }
});

test('where nobody listens, the task says so', async (t) => {
  const presso = await serverFor(t, {
    environment: { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' },
  });
  const { error, cause } = await run(presso);
  assert.equal(error, 'DynamoDb.SdkClientException');
  assert.match(cause, /Connection refused \(SDK Attempt Count: 3\)$/);
});
