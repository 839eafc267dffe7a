// From an event to all that came of it, and back.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, receiver, role, serverFor, temporaryFolder } from './support.mjs';

async function machine(states, name, definition) {
  const made = await states.send(
    new CreateStateMachineCommand({ name, roleArn: role, definition: JSON.stringify(definition) }),
  );
  return made.stateMachineArn;
}

async function rule(events, name, pattern, targets) {
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  const Targets = targets.map((target, i) => ({ Id: String(i), RoleArn: role, ...target }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets }));
}

async function get(url, path) {
  const response = await fetch(`${url}/_presso/trace${path}`);
  return { status: response.status, body: await response.json() };
}

const pass = { StartAt: 'End', States: { End: { Type: 'Pass', End: true } } };

// shop → `first` puts "paid" and starts `nested`; paid → `second`; its success → `third`.
async function chain({ states, events }, http) {
  const nested = await machine(states, 'nested', pass);
  const entry = { Source: 'shop', DetailType: 'paid', Detail: { n: 1 } };
  const first = await machine(states, 'first', {
    StartAt: 'Put',
    States: {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Parameters: { Entries: [entry] },
        Next: 'Start',
      },
      Start: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Parameters: { StateMachineArn: nested },
        End: true,
      },
    },
  });
  const second = await machine(states, 'second', pass);
  const third = await machine(states, 'third', pass);
  await rule(events, 'ordered', { 'detail-type': ['order'] }, [{ Arn: first }, { Arn: http }]);
  await rule(events, 'paid', { 'detail-type': ['paid'] }, [{ Arn: second, Input: '{}' }]);
  const detail = { stateMachineArn: [second], status: ['SUCCEEDED'] };
  await rule(events, 'done', { source: ['aws.states'], detail }, [{ Arn: third }]);
  return first;
}

async function order(events) {
  const entry = { Source: 'shop', DetailType: 'order', Detail: '{"n":0}' };
  return (await events.send(new PutEventsCommand({ Entries: [entry] }))).Entries[0].EventId;
}

const machineOf = ({ execution }) => execution.split(':')[6];

async function whole(url, id) {
  return eventually(async () => {
    const { body } = await get(url, `/${id}`);
    const ended = (body.executions ?? []).filter(({ status }) => status === 'SUCCEEDED');
    const targets = (body.events ?? []).flatMap((event) => event.targets);
    return ended.length === 4 && targets.every(({ status }) => status !== 'PENDING') && body;
  }, 'the whole chain');
}

test('a trace goes from an event to the last state of what came of it', async (t) => {
  const http = await receiver(t);
  const { url } = await serverFor(t);
  const sdk = clients(url);
  await chain(sdk, http.url);
  const id = await order(sdk.events);
  const body = await whole(url, id);
  assert.equal(body.complete, true);
  assert.deepEqual(body.executions.map(machineOf).sort(), ['first', 'nested', 'second', 'third']);
  const [first] = body.executions;
  assert.deepEqual([machineOf(first), first.event, first.lastState], ['first', id, 'Start']);
  assert.deepEqual(first.states.map(({ name, type }) => [name, type]), [
    ['Put', 'Task'],
    ['Start', 'Task'],
  ]);
  const [event, paid] = body.events;
  assert.deepEqual([event.id, event.origin, event.buses], [id, null, ['default']]);
  assert.deepEqual(event.event.detail, { n: 0 });
  const how = event.targets.map(({ rule, target, status }) => [rule, target, status]);
  const ordered = 'arn:aws:events:us-east-1:000000000000:rule/ordered';
  assert.deepEqual(how, [
    [ordered, 'arn:aws:states:us-east-1:000000000000:stateMachine:first', 'STARTED'],
    [ordered, http.url, 'DELIVERED'],
  ]);
  assert.deepEqual([paid.id, paid.origin], [first.events[0], first.execution]);
  const told = body.events.filter((one) => one.event.source === 'aws.states');
  assert.equal(told.length, 1);
  assert.equal(told[0].event.detail.status, 'SUCCEEDED');
});

test('the way back leads from an execution to the event it all began with', async (t) => {
  const http = await receiver(t);
  const { url } = await serverFor(t);
  const sdk = clients(url);
  const stateMachineArn = await chain(sdk, http.url);
  const id = await order(sdk.events);
  const { executions } = await whole(url, id);
  const of = (name) => executions.find((one) => machineOf(one) === name).execution;
  const back = await get(url, `?execution=${encodeURIComponent(of('third'))}`);
  assert.equal(back.body.trace, id);
  const names = (path) => path.map((one) => one.rule?.split('/')[1] ?? machineOf(one));
  assert.deepEqual(names(back.body.path), ['ordered', 'first', 'paid', 'second', 'done', 'third']);
  const nested = await get(url, `?execution=${of('nested')}`);
  assert.deepEqual(names(nested.body.path), ['ordered', 'first', 'nested']);

  const { executionArn } = await sdk.states.send(new StartExecutionCommand({ stateMachineArn }));
  const own = await get(url, `?execution=${executionArn}`);
  assert.deepEqual([own.body.trace, own.body.path.length], [executionArn, 1]);
  const onward = await get(url, `/${encodeURIComponent(executionArn)}`);
  assert.equal(onward.body.executions[0].execution, executionArn);
});

const putBySdk = (type) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:eventbridge:putEvents',
  Parameters: { Entries: [{ Source: 'shop', DetailType: type, Detail: '{"n":1}' }] },
  End: true,
});
const startOf = (StateMachineArn) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::states:startExecution',
  Parameters: { StateMachineArn },
  End: true,
});

// order → `quick` (Express) puts "packed"; packed → `slow` starts `last` (Express).
async function expressChain({ states, events }) {
  const express = async (name, only) => {
    const definition = JSON.stringify({ StartAt: 'Only', States: { Only: only } });
    const made = { name, roleArn: role, definition, type: 'EXPRESS' };
    return (await states.send(new CreateStateMachineCommand(made))).stateMachineArn;
  };
  const quick = await express('quick', putBySdk('packed'));
  const last = await express('last', { Type: 'Succeed' });
  const slow = await machine(states, 'slow', {
    StartAt: 'Start',
    States: { Start: startOf(last) },
  });
  await rule(events, 'ordered', { 'detail-type': ['order'] }, [{ Arn: quick }]);
  await rule(events, 'packed', { 'detail-type': ['packed'] }, [{ Arn: slow }]);
}

test('a trace goes through Express executions and what is put by aws-sdk', async (t) => {
  const { url } = await serverFor(t);
  const sdk = clients(url);
  await expressChain(sdk);
  const id = await order(sdk.events);
  const body = await eventually(async () => {
    const found = (await get(url, `/${id}`)).body;
    const ended = (found.executions ?? []).filter(({ status }) => status === 'SUCCEEDED');
    return ended.length === 3 && found;
  }, 'the three executions');
  assert.deepEqual(body.executions.map(machineOf), ['quick', 'slow', 'last']);
  const [quick, slow, last] = body.executions;
  assert.match(quick.execution, /:express:quick:/);
  assert.deepEqual([quick.event, quick.lastState], [id, 'Only']);
  assert.deepEqual(quick.states.map(({ name, type }) => [name, type]), [['Only', 'Task']]);
  const [event, packed] = body.events;
  assert.equal(event.targets[0].execution, quick.execution);
  assert.deepEqual(quick.events, [packed.id]);
  assert.deepEqual([packed.origin, slow.origin], [quick.execution, quick.execution]);
  assert.deepEqual(packed.event.resources, []);
  assert.deepEqual(slow.executions, [last.execution]);
  assert.equal(last.origin, slow.execution);

  const back = await get(url, `?execution=${encodeURIComponent(last.execution)}`);
  assert.equal(back.body.trace, id);
  const names = back.body.path.map((one) => one.rule?.split('/')[1] ?? machineOf(one));
  assert.deepEqual(names, ['ordered', 'quick', 'packed', 'slow', 'last']);
  const onward = await get(url, `/${encodeURIComponent(quick.execution)}`);
  assert.deepEqual(onward.body.executions.map(machineOf), ['quick', 'slow', 'last']);
});

test('a trace leads to the children of a distributed Map, and back to its parent', async (t) => {
  const { url } = await serverFor(t);
  const { states, events } = clients(url);
  for (const ExecutionType of ['STANDARD', 'EXPRESS']) {
    const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType };
    const Map = {
      Type: 'Map',
      ItemsPath: '$.detail.items',
      ItemProcessor: { ProcessorConfig, StartAt: 'Put', States: { Put: putBySdk('item') } },
      End: true,
    };
    const name = `many-${ExecutionType}`;
    const many = await machine(states, name, { StartAt: 'Map', States: { Map } });
    await rule(events, name, { 'detail-type': [name] }, [{ Arn: many }]);
    const entry = { Source: 'shop', DetailType: name, Detail: '{"items":[1,2]}' };
    const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    const id = Entries[0].EventId;
    const { executions } = await eventually(async () => {
      const { body } = await get(url, `/${id}`);
      return body.executions?.[0]?.status === 'SUCCEEDED' && body;
    }, 'the end of the Map');
    const [parent, ...children] = executions;
    assert.equal(children.length, 2);
    assert.deepEqual(parent.executions, children.map(({ execution }) => execution));
    for (const child of children) {
      assert.deepEqual([child.origin, child.lastState], [parent.execution, 'Put']);
      const back = await get(url, `?execution=${encodeURIComponent(child.execution)}`);
      assert.equal(back.body.trace, id);
      assert.deepEqual(back.body.path.slice(1).map(({ execution }) => execution), [
        parent.execution,
        child.execution,
      ]);
    }
  }
});

test('a trace survives kill -9', async (t) => {
  const http = await receiver(t, () => 503);
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const sdk = clients(first.url);
  await chain(sdk, http.url);
  const id = await order(sdk.events);
  const ended = async (url) => {
    const { body } = await get(url, `/${id}`);
    return body.executions?.filter(({ status }) => status === 'SUCCEEDED').length === 4 && body;
  };
  const before = await eventually(() => ended(first.url), 'the four executions');
  await first.kill();

  const { url } = await serverFor(t, { options });
  const after = await eventually(() => ended(url), 'the same after the restart');
  assert.deepEqual(after.executions, before.executions);
  assert.deepEqual(after.events[0].event, before.events[0].event);
  const ids = ({ events }) => events.filter(({ targets }) => targets.length).map((one) => one.id);
  assert.deepEqual(ids(after), ids(before));
  const delivery = after.events[0].targets.find(({ target }) => target === http.url);
  assert.equal(delivery.status, 'PENDING');
  const third = after.executions.find((one) => machineOf(one) === 'third');
  const back = await get(url, `?execution=${third.execution}`);
  assert.equal(back.body.trace, id);
});

test('an event that nothing is known of, and mistakes', async (t) => {
  const { url } = await serverFor(t);
  assert.equal((await get(url, '/6e4a1c5e-0000-4000-8000-000000000000')).status, 404);
  const arn = 'arn:aws:states:us-east-1:000000000000:execution:none:x';
  assert.equal((await get(url, `/${arn}`)).status, 404);
  assert.equal((await get(url, `?execution=${arn}`)).status, 404);
  assert.equal((await get(url, '?execution=x')).status, 404);
  assert.equal((await get(url, '')).status, 400);
  assert.equal((await get(url, '/%zz')).status, 400);
  const { events } = clients(url);
  const id = await order(events);
  const alone = await get(url, `/${id}`);
  assert.deepEqual([alone.status, alone.body.events[0].targets], [200, []]);
});
