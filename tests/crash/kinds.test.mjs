// kill -9 at random moments under a load of every kind beside orders: Map Runs, activities,
// redrives, updates of definitions, schedules, deliveries to a target that fails. PRESSO_ROUNDS
// sets the rounds (10), PRESSO_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { eventually, receiver, role, temporaryFolder } from '../e2e/support.mjs';
import { Client, random } from './support.mjs';

const rounds = Number(process.env.PRESSO_ROUNDS ?? 10);
const seed = Number(process.env.PRESSO_SEED ?? Date.now() % 1_000_000);
const states = (operation) => `AWSStepFunctions.${operation}`;

const one = (name, state) => ({ StartAt: name, States: { [name]: { ...state, End: true } } });
const definitions = (activityArn) => ({
  map: one('Map', {
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...one('Pass', { Type: 'Pass' }),
    },
  }),
  work: one('Work', {
    Type: 'Task',
    Resource: activityArn,
    Parameters: { 'execution.$': '$$.Execution.Id' },
  }),
  fails: { StartAt: 'No', States: { No: { Type: 'Fail', Error: 'E' } } },
  ticks: one('Pass', { Type: 'Pass' }),
  changing: one('Pass', { Type: 'Pass' }),
});

async function setUp(client, url) {
  const { activityArn } = await client.must(states('CreateActivity'), { name: 'desk' });
  const machines = { activityArn };
  for (const [name, definition] of Object.entries(definitions(activityArn))) {
    const body = { name, definition: JSON.stringify(definition), roleArn: role };
    const made = await client.must(states('CreateStateMachine'), body);
    machines[name] = made.stateMachineArn;
  }
  const rule = { EventBusName: 'Serverlesspresso' };
  const EventPattern = '{"source":["crash"]}';
  await client.must('AWSEvents.PutRule', { ...rule, Name: 'tell', EventPattern });
  const Targets = [{ Id: 'one', Arn: url }];
  await client.must('AWSEvents.PutTargets', { ...rule, Rule: 'tell', Targets });
  return machines;
}

// Everything that a client was told is done.
const nothingTold = () => ({
  maps: new Set(), // executions
  working: new Set(),
  worked: new Set(),
  failing: [],
  redriven: new Map(), // execution → how many redrives
  change: 0, // the last update
  schedules: new Set(), // names
  put: new Set(), // event ids
});

// One round's clients: each repeats its kind of work until the server is gone.
function clientsOf({ url, machines, told, round }) {
  const client = new Client(url);
  const start = async (machine, name, input = '{}') => {
    const body = { stateMachineArn: machines[machine], name, input };
    const answer = await client.call(states('StartExecution'), body);
    return answer?.status === 200 ? answer.body.executionArn : undefined;
  };
  const poll = async () => {
    const body = JSON.stringify({ activityArn: machines.activityArn });
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': states('GetActivityTask'),
    };
    // A poll that was given up may have been handed a task: then nobody is told of that one.
    const signal = AbortSignal.timeout(500);
    const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => null);
    return answer?.ok ? answer.json().catch(() => ({})) : {};
  };
  let at = 0;
  const name = (kind) => `${kind}-${round}-${(at += 1)}`;
  return [
    async () => {
      const arn = await start('map', name('map'), '[1,2,3]');
      if (arn) told.maps.add(arn);
    },
    async () => {
      const arn = await start('work', name('work'));
      if (arn) told.working.add(arn);
    },
    async () => {
      const { taskToken, input } = await poll();
      if (!taskToken) return;
      const done = { taskToken, output: '"done"' };
      const answer = await client.call(states('SendTaskSuccess'), done);
      if (answer?.status === 200) told.worked.add(JSON.parse(input).execution);
    },
    async () => {
      const arn = await start('fails', name('fails'));
      if (arn) told.failing.push(arn);
      const executionArn = told.failing[Math.floor(told.failing.length / 2)];
      if (!executionArn) return;
      const answer = await client.call(states('RedriveExecution'), { executionArn });
      if (answer?.status !== 200) return;
      told.redriven.set(executionArn, (told.redriven.get(executionArn) ?? 0) + 1);
    },
    async () => {
      const next = told.change + 1;
      const definition = JSON.stringify({ Comment: `${next}`, ...one('Pass', { Type: 'Pass' }) });
      const body = { stateMachineArn: machines.changing, definition };
      const answer = await client.call(states('UpdateStateMachine'), body);
      if (answer?.status === 200) told.change = next;
    },
    async () => {
      const scheduled = name('tick');
      const time = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
      const body = JSON.stringify({
        ScheduleExpression: `at(${time})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: machines.ticks, RoleArn: role, Input: JSON.stringify({ scheduled }) },
      });
      const headers = { 'content-type': 'application/json' };
      const path = `${url}/schedules/${scheduled}`;
      const answer = await fetch(path, { method: 'POST', headers, body }).catch(() => null);
      if (answer?.status === 200) told.schedules.add(scheduled);
    },
    async () => {
      const entry = { EventBusName: 'Serverlesspresso', Source: 'crash', DetailType: 't' };
      const Entries = [{ ...entry, Detail: '{}' }];
      const answer = await client.call('AWSEvents.PutEvents', { Entries });
      if (answer?.status === 200) told.put.add(answer.body.Entries[0].EventId);
    },
  ];
}

async function load(context, isOver) {
  const repeat = async (work) => {
    while (!isOver()) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await Promise.all(clientsOf(context).map(repeat));
}

// Ids 1, 2, 3, …, each following an earlier one, and an end where it has ended.
async function assertWellFormed(client, executionArn, isOver) {
  const history = await client.must(states('GetExecutionHistory'), { executionArn });
  const { events } = history;
  events.forEach((event, i) => {
    assert.equal(event.id, i + 1, executionArn);
    assert.ok(event.previousEventId < event.id, `${executionArn}: ${event.id}`);
  });
  const isEnd = ({ type }) => /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type);
  const redrives = events.filter(({ type }) => type === 'ExecutionRedriven').length;
  assert.equal(events.filter(isEnd).length, redrives + (isOver ? 1 : 0), executionArn);
  if (isOver) assert.ok(isEnd(events.at(-1)), executionArn);
}

async function assertDone(client, machines, told, delivered) {
  const ended = (executionArn) =>
    eventually(async () => {
      const found = await client.must(states('DescribeExecution'), { executionArn });
      return found.status !== 'RUNNING' && found;
    }, executionArn);
  for (const arn of told.maps) {
    const { status, output } = await ended(arn);
    assert.deepEqual([status, output], ['SUCCEEDED', '[1,2,3]'], arn);
    await assertWellFormed(client, arn, true);
  }
  for (const arn of told.worked) assert.equal((await ended(arn)).output, '"done"', arn);
  for (const executionArn of told.working) {
    const { status } = await client.must(states('DescribeExecution'), { executionArn });
    await assertWellFormed(client, executionArn, status !== 'RUNNING');
  }
  for (const arn of told.failing) {
    const { status, redriveCount } = await ended(arn);
    assert.equal(status, 'FAILED', arn);
    assert.ok(redriveCount >= (told.redriven.get(arn) ?? 0), `${arn}: ${redriveCount} redrives`);
    await assertWellFormed(client, arn, true);
  }
  const stateMachineArn = machines.changing;
  const { definition } = await client.must(states('DescribeStateMachine'), { stateMachineArn });
  assert.ok(Number(JSON.parse(definition).Comment ?? 0) >= told.change, 'the last update');
  await eventually(() => [...told.put].every((id) => delivered.has(id)), 'every delivery');
  await eventually(async () => {
    const query = { stateMachineArn: machines.ticks, maxResults: 1_000 };
    const { executions } = await client.must(states('ListExecutions'), query);
    return executions.length >= Math.min(1_000, told.schedules.size);
  }, 'every schedule');
}

test(`work of every kind survives ${rounds} kills (seed ${seed})`, async (t) => {
  const next = random(seed);
  const options = ['--data', temporaryFolder(t)];
  const failed = new Set();
  const delivered = new Set();
  // Each event is refused once.
  const target = await receiver(t, (body) => {
    const { id } = JSON.parse(body);
    if (failed.has(id)) delivered.add(id);
    failed.add(id);
    return delivered.has(id) ? 200 : 500;
  });
  const told = nothingTold();
  let presso = await startPresso({ options });
  const machines = await setUp(new Client(presso.url), `${target.url}/events`);
  for (let round = 0; round < rounds; round += 1) {
    let isOver = false;
    const busy = load({ url: presso.url, machines, told, round }, () => isOver);
    await new Promise((resolve) => setTimeout(resolve, 50 + next() * 400));
    await presso.kill();
    isOver = true;
    await busy;
    presso = await startPresso({ options });
  }
  t.after(() => presso.stop());
  await assertDone(new Client(presso.url), machines, told, delivered);
  const count = (all) => all.size ?? all.length ?? all;
  const counts = Object.entries(told).map(([kind, all]) => `${count(all)} ${kind}`);
  t.diagnostic(`told: ${counts.join(', ')}`);
  assert.ok([told.maps, told.worked, told.redriven, told.schedules, told.put].every((s) => s.size));
});
