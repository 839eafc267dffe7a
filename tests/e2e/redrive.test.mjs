// A failed execution goes on from what failed, over the wire and through a kill -9.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, role, serverFor, temporaryFolder } from './support.mjs';

const task = (Resource) => ({ Type: 'Task', Resource, End: true });
const branch = (name, state) => ({ StartAt: name, States: { [name]: state } });

async function machineOf(states, definition) {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: 'orders',
      definition: JSON.stringify(definition),
      roleArn: role,
    }),
  );
  return stateMachineArn;
}

function whenItIs(states, executionArn, status) {
  return eventually(async () => {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === status && execution;
  }, `the status ${status}`);
}

async function answer(states, activityArn, reply) {
  const { taskToken } = await states.send(new GetActivityTaskCommand({ activityArn }));
  await states.send(reply(taskToken));
}
const success = (output) => (taskToken) => new SendTaskSuccessCommand({ taskToken, output });
const failure = (error) => (taskToken) => new SendTaskFailureCommand({ taskToken, error });

test('a failed branch is redriven, survives kill -9, and the other keeps its result', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const { states } = clients(first.url);
  const { activityArn: good } = await states.send(new CreateActivityCommand({ name: 'good' }));
  const { activityArn: bad } = await states.send(new CreateActivityCommand({ name: 'bad' }));
  const stateMachineArn = await machineOf(states, {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [branch('Good', task(good)), branch('Bad', task(bad))],
        End: true,
      },
    },
  });
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn, name: 'one' }),
  );
  await answer(states, good, success('"good"'));
  await answer(states, bad, failure('Spilled'));
  const failed = await whenItIs(states, executionArn, 'FAILED');
  assert.equal(failed.redriveCount, 0);
  assert.equal(failed.redriveStatus, 'REDRIVABLE');
  assert.equal(failed.redriveDate, undefined);

  const redrive = new RedriveExecutionCommand({ executionArn, clientToken: 'again' });
  const { redriveDate } = await states.send(redrive);
  assert.deepEqual((await states.send(redrive)).redriveDate, redriveDate);
  const running = await whenItIs(states, executionArn, 'RUNNING');
  assert.equal(running.redriveCount, 1);
  assert.deepEqual(running.redriveDate, redriveDate);
  assert.deepEqual(running.startDate, failed.startDate);
  assert.equal(running.error, undefined);
  await assert.rejects(states.send(new RedriveExecutionCommand({ executionArn })), {
    name: 'ExecutionNotRedrivable',
    message: 'Execution is RUNNING and cannot be redriven',
  });
  await first.kill();

  const second = await serverFor(t, { options });
  const { states: later } = clients(second.url);
  await answer(later, bad, success('"better"'));
  const { output } = await whenItIs(later, executionArn, 'SUCCEEDED');
  assert.equal(output, '["good","better"]');
  const { events } = await later.send(new GetExecutionHistoryCommand({ executionArn }));
  const from = events.findIndex(({ type }) => type === 'ExecutionRedriven');
  assert.equal(events[from].executionRedrivenEventDetails.redriveCount, 1);
  assert.equal(events[from - 1].type, 'ExecutionFailed');
  assert.deepEqual(
    events.slice(from + 1).map(({ type }) => type),
    [
      'ActivityScheduled',
      'ActivityStarted',
      'ActivitySucceeded',
      'TaskStateExited',
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ],
  );
  assert.deepEqual(
    events.map(({ id }) => id),
    events.map((event, index) => index + 1),
  );
  for (const [redriveFilter, count] of [
    ['REDRIVEN', 1],
    ['NOT_REDRIVEN', 0],
  ]) {
    const listed = await later.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }));
    assert.equal(listed.executions.length, count);
    if (count > 0) assert.deepEqual(listed.executions[0].redriveDate, redriveDate);
  }
});

test('two weeks after its end an execution cannot be redriven any more', async (t) => {
  const { url } = await serverFor(t);
  const { states } = clients(url);
  const stateMachineArn = await machineOf(states, {
    StartAt: 'F',
    States: { F: { Type: 'Fail', Error: 'E' } },
  });
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  await states.send(new RedriveExecutionCommand({ executionArn }));
  const redriven = await whenItIs(states, executionArn, 'FAILED');
  assert.equal(redriven.redriveCount, 1);
  assert.equal(redriven.redriveStatus, 'REDRIVABLE');
  await clock(url, { advance_seconds: 14 * 86_400 + 60 });
  const late = await states.send(new DescribeExecutionCommand({ executionArn }));
  assert.equal(late.redriveStatus, 'NOT_REDRIVABLE');
  assert.equal(late.redriveStatusReason, 'Execution redrivable period exceeded');
  await assert.rejects(states.send(new RedriveExecutionCommand({ executionArn })), {
    name: 'ExecutionNotRedrivable',
    message: 'Execution redrivable period exceeded',
  });
});
