// A distributed Map through the SDK: its Map Run, its children, and what a restart leaves of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import {
  clients,
  eventually,
  givesBack,
  memoryFactor,
  role,
  serverFor,
  temporaryFolder,
} from './support.mjs';

function mapOf(states, fields = {}) {
  const start = Object.keys(states)[0];
  return JSON.stringify({
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        ...fields,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: start,
          States: states,
        },
        End: true,
      },
    },
  });
}

async function start(states, name, definition, input) {
  const machine = { name, definition, roleArn: role };
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand(machine));
  const request = { stateMachineArn, input: JSON.stringify(input) };
  return (await states.send(new StartExecutionCommand(request))).executionArn;
}

function ended(states, executionArn) {
  return eventually(async () => {
    const shown = await states.send(new DescribeExecutionCommand({ executionArn }));
    return shown.status !== 'RUNNING' && shown;
  }, 'the execution ends');
}

async function onlyRun(states, executionArn) {
  const { mapRuns } = await states.send(new ListMapRunsCommand({ executionArn }));
  assert.equal(mapRuns.length, 1);
  return mapRuns[0].mapRunArn;
}

test('ten thousand items are ten thousand executions', async (t) => {
  const presso = await serverFor(t, { environment: givesBack });
  const { states } = clients(presso.url);
  const definition = mapOf({ P: { Type: 'Pass', End: true } }, { Label: 'All' });
  const items = Array.from({ length: 10_000 }, (_, i) => i);
  const executionArn = await start(states, 'many', definition, items);
  const shown = await ended(states, executionArn);
  assert.equal(shown.status, 'SUCCEEDED');
  assert.deepEqual(JSON.parse(shown.output), items);
  const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  assert.deepEqual(
    events.map((event) => event.type),
    [
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ],
  );
  const mapRunArn = await onlyRun(states, executionArn);
  assert.match(mapRunArn, /:mapRun:many\/All:[0-9a-f-]{36}$/);
  const run = await states.send(new DescribeMapRunCommand({ mapRunArn }));
  assert.equal(run.executionCounts.succeeded, 10_000);
  const page = await states.send(new ListExecutionsCommand({ mapRunArn, maxResults: 7 }));
  assert.equal(page.executions.length, 7);
  const child = page.executions[0];
  assert.match(child.executionArn, /:execution:many\/All:/);
  assert.equal(child.itemCount, 1);
  const childShown = await states.send(
    new DescribeExecutionCommand({ executionArn: child.executionArn }),
  );
  assert.equal(childShown.mapRunArn, mapRunArn);
  assert.equal(childShown.output, '9999');
  const machine = await states.send(
    new DescribeStateMachineForExecutionCommand({ executionArn: child.executionArn }),
  );
  assert.equal(machine.mapRunArn, mapRunArn);
  assert.equal(machine.label, 'All');
  const memory = readFileSync(`/proc/${presso.pid}/status`, 'utf8');
  const mostKib = Number(/VmHWM:\s+(\d+)/.exec(memory)[1]);
  assert.ok(mostKib < memoryFactor * 300 * 1024, `${mostKib} KiB`);
});

test('a Map Run outlives the process, is updated, and is stopped with its parent', async (t) => {
  const data = temporaryFolder(t);
  const options = { options: ['--data', data, '--clock', 'frozen'] };
  const first = await serverFor(t, options);
  const definition = mapOf(
    { W: { Type: 'Wait', Seconds: 60, End: true } },
    { MaxConcurrency: 2 },
  );
  const executionArn = await start(clients(first.url).states, 'waits', definition, [1, 2, 3, 4, 5]);
  await first.kill();
  const second = await serverFor(t, options);
  const { states } = clients(second.url);
  const mapRunArn = await onlyRun(states, executionArn);
  const counts = async () =>
    (await states.send(new DescribeMapRunCommand({ mapRunArn }))).executionCounts;
  await eventually(async () => (await counts()).running === 2, 'two children run');
  await states.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 3 }));
  await eventually(async () => (await counts()).running === 3, 'three children run');
  const body = JSON.stringify({ advance_seconds: 60 });
  await fetch(`${second.url}/_presso/clock`, { method: 'POST', body });
  await eventually(async () => (await counts()).succeeded === 3, 'three children end');
  await states.send(new StopExecutionCommand({ executionArn }));
  assert.equal((await ended(states, executionArn)).status, 'ABORTED');
  const run = await states.send(new DescribeMapRunCommand({ mapRunArn }));
  assert.equal(run.status, 'ABORTED');
  await eventually(async () => {
    const page = await states.send(
      new ListExecutionsCommand({ mapRunArn, statusFilter: 'ABORTED' }),
    );
    return page.executions.length === 2;
  }, 'the other two are aborted');
});

test('an unknown Map Run and an unknown execution are refused', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const prefix = 'arn:aws:states:us-east-1:000000000000:';
  const mapRunArn = `${prefix}mapRun:m/M:00000000-0000-4000-8000-000000000000`;
  await assert.rejects(states.send(new DescribeMapRunCommand({ mapRunArn })), {
    name: 'ResourceNotFound',
  });
  const executionArn = `${prefix}execution:m:none`;
  await assert.rejects(states.send(new ListMapRunsCommand({ executionArn })), {
    name: 'ExecutionDoesNotExist',
  });
});
