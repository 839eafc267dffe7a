// Spans reach a collector, continue the caller's trace, and cost nothing when nobody collects.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { test } from 'node:test';

import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';

import {
  freePort,
  pressoBinary,
  startPresso,
} from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, role, serverFor, temporaryFolder } from './support.mjs';

const attributesOf = ({ attributes = [] }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

// A collector: the spans of all requests, by name, and the requests themselves.
async function collector(t, { statuses = [], port = 0 } = {}) {
  const spans = [];
  const requests = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses.shift() ?? 200;
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      requests.push({ url: request.url, headers: request.headers, body, status });
      for (const { scopeSpans } of status === 200 ? (body.resourceSpans ?? []) : []) {
        for (const scope of scopeSpans) {
          for (const span of scope.spans) spans.push({ ...span, of: attributesOf(span) });
        }
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const named = (name) => spans.find((span) => span.name === name);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spans,
    requests,
    span: (name) => eventually(() => named(name), `the span '${name}'`),
    environment: (more = {}) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.address().port}/`,
      ...more,
    }),
  };
}

async function machine(states, name, definition, type = 'STANDARD') {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify(definition),
      roleArn: role,
      type,
    }),
  );
  return stateMachineArn;
}

const pass = (name) => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } });

// A client whose requests carry a header.
function withHeader(client, name, value) {
  client.middlewareStack.add(
    (next) => (args) => {
      args.request.headers[name] = value;
      return next(args);
    },
    { step: 'build' },
  );
  return client;
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;

test('an execution, its states and its tasks are spans below the caller’s', async (t) => {
  const collected = await collector(t);
  const environment = collected.environment({
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=coffee%20bar',
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test,service.name=other',
  });
  const { url } = await serverFor(t, { environment });
  const states = withHeader(clients(url).states, 'traceparent', traceparent);
  const stateMachineArn = await machine(states, 'orders', {
    StartAt: 'Both',
    States: {
      Both: { Type: 'Parallel', Next: 'Put', Branches: [pass('Left'), pass('Right')] },
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Parameters: { Entries: [{ Source: 's', DetailType: 'd', Detail: {} }] },
        Next: 'Bad',
      },
      Bad: { Type: 'Fail', Error: 'Oops', Cause: 'by order' },
    },
  });
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const execution = await collected.span('orders');
  assert.equal(execution.traceId, traceId);
  assert.equal(execution.parentSpanId, spanId);
  assert.equal(execution.of['aws.step_functions.execution.arn'], executionArn);
  assert.deepEqual(execution.status, { code: 2, message: 'Oops: by order' });

  const both = await collected.span('Both');
  const left = await collected.span('Left');
  const put = await collected.span('Put');
  const task = await collected.span('events:putEvents');
  const bad = await collected.span('Bad');
  for (const span of [both, left, put, task, bad]) {
    assert.equal(span.traceId, traceId);
    assert.match(span.spanId, /^[0-9a-f]{16}$/);
    assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano));
  }
  assert.deepEqual(
    [both, left, put, task, bad].map(({ parentSpanId }) => parentSpanId),
    [execution.spanId, both.spanId, execution.spanId, put.spanId, execution.spanId],
  );
  assert.equal(left.of['aws.step_functions.state.type'], 'Pass');
  assert.equal(bad.status.code, 2);
  assert.equal(new Set(collected.spans.map((span) => span.spanId)).size, collected.spans.length);

  const [first] = collected.requests;
  assert.equal(first.url, '/v1/traces');
  assert.equal(first.headers['x-team'], 'coffee bar');
  assert.equal(first.headers['content-type'], 'application/json');
  assert.deepEqual(attributesOf(first.body.resourceSpans[0].resource), {
    'service.name': 'shop',
    'deployment.environment': 'test',
  });
});

async function continuesAfterRestart(t, begin) {
  const collected = await collector(t);
  const options = ['--data', temporaryFolder(t)];
  const environment = collected.environment();
  const first = await startPresso({ options, environment });
  const { states } = clients(first.url);
  const stateMachineArn = await machine(states, 'asks', {
    StartAt: 'Before',
    States: {
      Before: { Type: 'Pass', Next: 'Ask' },
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents.waitForTaskToken',
        Parameters: {
          Entries: [{ Source: 's', DetailType: 'd', Detail: { 'token.$': '$$.Task.Token' } }],
        },
        End: true,
      },
    },
  });
  const pattern = encodeURIComponent('{"source":["s"]}');
  const stream = await fetch(`${first.url}/_presso/events?pattern=${pattern}`);
  const reader = stream.body.getReader();
  const { executionArn } = await begin(states, stateMachineArn);
  let text = '';
  while (!text.includes('token')) text += new TextDecoder().decode((await reader.read()).value);
  const taskToken = text.match(/"token":"([^"]+)"/)[1];
  await collected.span('Before');
  await first.kill();

  const second = await serverFor(t, { options, environment });
  await clients(second.url).states.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
  const execution = await collected.span('asks');
  const ask = await collected.span('Ask');
  assert.deepEqual([execution.traceId, execution.parentSpanId], [traceId, spanId]);
  assert.deepEqual([ask.traceId, ask.parentSpanId], [traceId, execution.spanId]);
  assert.ok(BigInt(ask.startTimeUnixNano) < BigInt(ask.endTimeUnixNano));
  assert.equal(ask.of['aws.step_functions.execution.arn'], executionArn);
  assert.equal(collected.spans.filter(({ name }) => name === 'Before').length, 1);
}

test('a traceHeader is continued, also by a restart in the middle of a state', (t) =>
  continuesAfterRestart(t, (states, stateMachineArn) => {
    const root = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    const traceHeader = `Root=${root};Parent=${spanId};Sampled=1`;
    return states.send(new StartExecutionCommand({ stateMachineArn, traceHeader }));
  }));

test('a traceparent of the request is continued by a restart too', (t) =>
  continuesAfterRestart(t, (states, stateMachineArn) => {
    withHeader(states, 'traceparent', traceparent);
    return states.send(new StartExecutionCommand({ stateMachineArn }));
  }));

test('from an event to the rule, what it starts, and what that one puts', async (t) => {
  const collected = await collector(t);
  const target = await collector(t, { statuses: [500] });
  const { url } = await serverFor(t, { environment: collected.environment() });
  const { states, events } = clients(url);
  const put = { Source: 'made', DetailType: 'd', Detail: {} };
  const started = await machine(states, 'started', {
    StartAt: 'Put',
    States: {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Parameters: { Entries: [put] },
        End: true,
      },
    },
  });
  const last = await machine(states, 'last', pass('P'), 'EXPRESS');
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: 'c',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'k', ApiKeyValue: 'v' } },
    }),
  );
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({
      Name: 'a',
      ConnectionArn,
      HttpMethod: 'POST',
      InvocationEndpoint: `${target.url}/`,
    }),
  );
  const rule = async (Name, source, ...arns) => {
    await events.send(
      new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [source] }) }),
    );
    const Targets = arns.map((Arn, i) => ({ Id: `${i}`, Arn, RoleArn: role }));
    await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  };
  await rule('begins', 'shop', started, ApiDestinationArn);
  await rule('goes-on', 'made', last);
  const place = 'arn:aws:events:us-east-1:000000000000:event-bus';
  await rule('sends-on', 'shop', `${place}/Serverlesspresso`);
  withHeader(events, 'traceparent', traceparent);
  const { Entries } = await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'd', Detail: '{}' }] }),
  );

  const begins = await collected.span('match begins');
  const execution = await collected.span('started');
  const goesOn = await collected.span('match goes-on');
  const express = await collected.span('last');
  assert.deepEqual([begins.traceId, begins.parentSpanId], [traceId, spanId]);
  assert.equal(begins.of['aws.events.event.id'], Entries[0].EventId);
  assert.equal(begins.of['aws.events.source'], 'shop');
  assert.deepEqual([execution.traceId, execution.parentSpanId], [traceId, begins.spanId]);
  assert.deepEqual([goesOn.traceId, goesOn.parentSpanId], [traceId, execution.spanId]);
  assert.deepEqual([express.traceId, express.parentSpanId], [traceId, goesOn.spanId]);

  const sendsOn = await collected.span('match sends-on');
  const sent = await collected.span('deliver event-bus/Serverlesspresso');
  assert.equal(sendsOn.of['aws.events.bus'], 'default');
  assert.deepEqual([sendsOn.traceId, sendsOn.parentSpanId], [traceId, spanId]);
  assert.deepEqual([sent.traceId, sent.parentSpanId], [traceId, sendsOn.spanId]);
  assert.equal(sent.of['aws.events.event.id'], Entries[0].EventId);

  const ofDelivery = ({ name }) => name.startsWith('deliver api-destination/a');
  await eventually(() => collected.spans.filter(ofDelivery).length === 2, 'two attempts');
  const [failed, delivered] = collected.spans.filter(ofDelivery);
  assert.equal(failed.status.code, 2);
  assert.equal(delivered.status, undefined);
  for (const span of [failed, delivered]) {
    assert.deepEqual([span.traceId, span.parentSpanId], [traceId, begins.spanId]);
  }
  assert.equal(collected.spans.filter(({ name }) => name === 'match begins').length, 1);
});

test('Express executions and children of a Map are of the caller’s trace too', async (t) => {
  const collected = await collector(t);
  const { url } = await serverFor(t, { environment: collected.environment() });
  const states = withHeader(
    clients(url).states,
    'X-Amzn-Trace-Id',
    `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=1`,
  );
  const express = await machine(states, 'quick', pass('Quick'), 'EXPRESS');
  await states.send(new StartSyncExecutionCommand({ stateMachineArn: express }));
  const quick = await collected.span('quick');
  assert.deepEqual([quick.traceId, quick.parentSpanId], [traceId, spanId]);
  assert.equal((await collected.span('Quick')).parentSpanId, quick.spanId);

  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    ...pass('Item'),
  };
  const many = await machine(states, 'many', {
    StartAt: 'Each',
    States: { Each: { Type: 'Map', Label: 'L', ItemProcessor: processor, End: true } },
  });
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn: many, input: '[1,2]' }),
  );
  const mapRun = await collected.span(`map run ${executionArn.split(':').at(-1)}`);
  await eventually(() => collected.spans.filter(({ name }) => name === 'many/L').length === 2);
  for (const child of collected.spans.filter(({ name }) => name === 'many/L')) {
    assert.deepEqual([child.traceId, child.parentSpanId], [traceId, mapRun.spanId]);
  }
  assert.equal(mapRun.parentSpanId, (await collected.span('Each')).spanId);
});

test('without a caller each execution is a trace of its own', async (t) => {
  const collected = await collector(t);
  const { url } = await serverFor(t, { environment: collected.environment() });
  const { states } = clients(url);
  const stateMachineArn = await machine(states, 'alone', pass('P'));
  withHeader(states, 'traceparent', `00-${'0'.repeat(32)}-${spanId}-01`); // is none
  for (let i = 0; i < 600; ++i) {
    await states.send(new StartExecutionCommand({ stateMachineArn }));
  }
  const all = () => collected.spans.filter(({ name }) => name === 'alone');
  await eventually(() => all().length === 600, '600 spans');
  assert.equal(new Set(all().map((span) => span.traceId)).size, 600);
  assert.ok(all().every((span) => span.parentSpanId === undefined));
  const sizes = collected.requests.map(
    ({ body }) => body.resourceSpans[0].scopeSpans[0].spans.length,
  );
  assert.ok(Math.max(...sizes) <= 512);
});

test('a collector that is busy is asked again, one that refuses is not', async (t) => {
  const collected = await collector(t, { statuses: [503, 400] });
  const { url } = await serverFor(t, { environment: collected.environment() });
  const { states } = clients(url);
  const first = await machine(states, 'first', pass('P'));
  await states.send(new StartExecutionCommand({ stateMachineArn: first }));
  await eventually(() => collected.requests.length === 2, 'the second try');
  assert.deepEqual(collected.requests[0].body, collected.requests[1].body);
  const second = await machine(states, 'second', pass('P'));
  await states.send(new StartExecutionCommand({ stateMachineArn: second }));
  await collected.span('second');
  assert.equal(collected.spans.some(({ name }) => name === 'first'), false);
});

test('a collector that is away costs a warning, and the end does not wait for it', async (t) => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
  const child = spawn(pressoBinary, ['serve', '--port', '0', '--log-format', 'json'], {
    env: { ...process.env, ...environment },
  });
  let ready = '';
  let said = '';
  child.stdout.on('data', (chunk) => (ready += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await eventually(() => ready.includes('\n'), 'the start');
  const { states } = clients(ready.match(/http:\/\/\S+?:\d+/)[0]);
  const stateMachineArn = await machine(states, 'm', pass('P'));
  for (let i = 0; i < 50; ++i) await states.send(new StartExecutionCommand({ stateMachineArn }));
  await eventually(() => said.includes('\n'), 'the warning');
  for (let i = 0; i < 50; ++i) await states.send(new StartExecutionCommand({ stateMachineArn }));
  const { executions } = await states.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }),
  );
  assert.equal(executions.length, 100);
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  const lines = said.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines.length, 1);
  assert.equal(lines[0].level, 'warning');
  assert.match(lines[0].message, /spans do not reach http:.*v1\/traces \(.*Connection refused/);
});

test('the last spans are sent at the end', async (t) => {
  const collected = await collector(t);
  const presso = await startPresso({ environment: collected.environment() });
  const { states } = clients(presso.url);
  const stateMachineArn = await machine(states, 'last', pass('P'));
  const started = await states.send(new StartExecutionCommand({ stateMachineArn }));
  await states.send(new DescribeExecutionCommand({ executionArn: started.executionArn }));
  assert.equal(await presso.stop(), 0);
  assert.ok(collected.spans.some(({ name }) => name === 'last'));
});

test('lines of requests have the trace’s id, as text and as JSON', async (t) => {
  for (const format of ['text', 'json']) {
    const options = ['serve', '--port', '0', '--log-level', 'debug', '--log-format', format];
    const child = spawn(pressoBinary, options);
    let ready = '';
    let said = '';
    child.stdout.on('data', (chunk) => (ready += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    t.after(() => child.kill('SIGKILL'));
    await eventually(() => ready.includes('\n'), 'the start');
    const url = ready.match(/http:\/\/\S+?:\d+/)[0];
    await fetch(`${url}/a"b`, { headers: { traceparent } });
    await eventually(() => said.includes(traceId), 'the line');
    const line = said.split('\n').find((each) => each.includes(traceId));
    if (format === 'text') assert.match(line, new RegExp(`404 trace_id=${traceId}$`));
    if (format === 'json') assert.equal(JSON.parse(line).trace_id, traceId);
  }
});

test('an endpoint that is none is refused at the start', async () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' };
  await assert.rejects(startPresso({ environment }), /ended \(1\)/);
});
