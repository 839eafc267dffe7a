// What Prometheus reads of presso: it counts what was done.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { call, signed } from './forward_support.mjs';
import { clients, eventually, receiver, role, serverFor } from './support.mjs';

// Samples by name with labels; every one has a type.
async function read(presso, path = '/metrics') {
  const response = await fetch(`${presso.url}${path}`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const samples = {};
  const types = {};
  for (const line of (await response.text()).trimEnd().split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (name) types[name] = type;
    if (line.startsWith('#')) continue;
    const [, sample, value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line);
    samples[sample] = Number(value);
    const family = sample.replace(/\{.*/, '');
    const whole = family.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types[family] ?? (types[whole] === 'histogram'), family);
  }
  return samples;
}

test('requests, executions, events and deliveries are counted', async (t) => {
  const target = await receiver(t);
  const presso = await serverFor(t);
  const { states, events } = clients(presso.url);
  const machine = async (name, state) => {
    const definition = JSON.stringify({ StartAt: 'S', States: { S: state } });
    const command = new CreateStateMachineCommand({ name, definition, roleArn: role });
    return (await states.send(command)).stateMachineArn;
  };
  const pass = await machine('pass', { Type: 'Pass', End: true });
  const wait = await machine('wait', { Type: 'Wait', Seconds: 3600, End: true });
  for (const stateMachineArn of [pass, pass, wait]) {
    await states.send(new StartExecutionCommand({ stateMachineArn }));
  }
  await assert.rejects(states.send(new StartExecutionCommand({ stateMachineArn: 'no' })));
  const EventPattern = '{"source":["app"]}';
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn: target.url }] }));
  const entry = { Source: 'app', DetailType: 'd', Detail: '{}' };
  await events.send(new PutEventsCommand({ Entries: [entry, { ...entry, Source: 'other' }] }));
  await eventually(() => target.received.length === 1, 'the delivery');

  const metrics = await eventually(async () => {
    const seen = await read(presso);
    return seen.presso_deliveries_pending === 0 && seen;
  }, 'the end of the delivery');
  const start = 'service="states",operation="StartExecution"';
  assert.equal(metrics[`presso_requests_total{${start},code="200"}`], 3);
  assert.equal(metrics[`presso_requests_total{${start},code="400"}`], 1);
  assert.equal(metrics[`presso_request_duration_seconds_count{${start}}`], 4);
  assert.equal(metrics['presso_executions_total{status="RUNNING"}'], 3);
  assert.equal(metrics['presso_executions_total{status="SUCCEEDED"}'], 2);
  assert.equal(metrics.presso_executions_running, 1);
  assert.equal(metrics.presso_events_total, 2);
  assert.equal(metrics.presso_rule_matches_total, 1);
  assert.equal(metrics.presso_delivery_attempts_total, 1);
  assert.ok(metrics.presso_commit_duration_seconds_count > 0);
  assert.ok(metrics.presso_turn_inputs_sum >= 8);
  assert.ok(metrics.process_resident_memory_bytes > 1_000_000);
  assert.ok(metrics.process_open_fds > 3);
  assert.ok(metrics.presso_database_bytes > 0);
});

test('a bucket of that name is not hidden, and routes show what is under way', async (t) => {
  const bucket = await receiver(t, () => ({ status: 200, headers: {}, body: 'mine' }));
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: bucket.url } });
  assert.equal((await call(`${presso.url}/metrics`, { headers: signed('s3') })).text, 'mine');
  const metrics = await read(presso, '/_presso/metrics');
  const passed = 'service="passed-on",operation=""';
  assert.equal(metrics[`presso_requests_total{${passed},code="200"}`], 1);
  assert.equal(metrics['presso_route_in_flight{route="s3"}'], 0);
  const foreign = await fetch(`${presso.url}/metrics`, { headers: { Origin: 'http://evil.x' } });
  assert.equal(foreign.status, 403);
});
