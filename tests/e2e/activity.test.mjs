// Workers who poll for tasks, over the wire: they wait, leave, come back, and outlive the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  TestStateCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, role, serverFor, temporaryFolder } from './support.mjs';

async function machineWithActivity(states) {
  const { activityArn } = await states.send(new CreateActivityCommand({ name: 'make' }));
  const definition = JSON.stringify({
    StartAt: 'Make',
    States: { Make: { Type: 'Task', Resource: activityArn, TimeoutSeconds: 600, End: true } },
  });
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'makes', definition, roleArn: role }),
  );
  return { activityArn, stateMachineArn };
}

async function outputOf(states, executionArn) {
  return eventually(async () => {
    const { status, output } = await states.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'SUCCEEDED' && output;
  }, 'the execution');
}

test('a worker that waits gets the task as soon as there is one', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const { activityArn, stateMachineArn } = await machineWithActivity(states);
  const polled = states.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn, input: '{"n": 1}' }),
  );
  const { taskToken, input } = await polled;
  assert.equal(input, '{"n": 1}');
  await states.send(new SendTaskSuccessCommand({ taskToken, output: '2' }));
  assert.equal(await outputOf(states, executionArn), '2');
});

test('a worker that went away gets no task', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const { activityArn, stateMachineArn } = await machineWithActivity(states);
  const leaves = new AbortController();
  const polled = states.send(new GetActivityTaskCommand({ activityArn }), {
    abortSignal: leaves.signal,
  });
  const left = assert.rejects(polled, { name: 'AbortError' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  leaves.abort();
  await left;
  await new Promise((resolve) => setTimeout(resolve, 1200)); // presso looks twice a second
  await states.send(new StartExecutionCommand({ stateMachineArn, input: '7' }));
  const { input } = await states.send(new GetActivityTaskCommand({ activityArn }));
  assert.equal(input, '7');
});

test('a queue of tasks survives kill -9, in its order', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const before = clients(first.url).states;
  const { activityArn, stateMachineArn } = await machineWithActivity(before);
  const started = [];
  for (const input of ['1', '2', '3']) {
    started.push(await before.send(new StartExecutionCommand({ stateMachineArn, input })));
  }
  await first.kill();

  const { states } = clients((await serverFor(t, { options })).url);
  for (const [index, { executionArn }] of started.entries()) {
    const { taskToken, input } = await states.send(new GetActivityTaskCommand({ activityArn }));
    assert.equal(input, String(index + 1));
    await states.send(new SendTaskSuccessCommand({ taskToken, output: input }));
    assert.equal(await outputOf(states, executionArn), input);
  }
});

test('a server that ends tells its pollers at once', async () => {
  const presso = await startPresso();
  const { states } = clients(presso.url);
  const { activityArn } = await machineWithActivity(states);
  const polled = states.send(new GetActivityTaskCommand({ activityArn }));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const begun = Date.now();
  await presso.stop();
  assert.equal((await polled).taskToken, undefined);
  assert.ok(Date.now() - begun < 30_000, 'the poll lasted its minute');
});

test('an Express execution answers its caller', async (t) => {
  const presso = await serverFor(t, { options: ['--clock', 'frozen'] });
  const { states } = clients(presso.url);
  const definition = JSON.stringify({
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Wait', Seconds: 30, Next: 'Done' },
      Done: { Type: 'Pass', Result: 1, End: true },
    },
  });
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'quick', type: 'EXPRESS', definition, roleArn: role }),
  );
  let answer;
  const answered = states
    .send(new StartSyncExecutionCommand({ stateMachineArn }))
    .then((reply) => (answer = reply));
  // Time may move before the execution has begun: then the next thirty seconds are its own.
  await eventually(async () => {
    const body = JSON.stringify({ advance_seconds: 30 });
    await fetch(`${presso.url}/_presso/clock`, { method: 'POST', body });
    return answer !== undefined;
  }, 'the execution ends');
  await answered;
  assert.equal(answer.status, 'SUCCEEDED');
  assert.equal(answer.output, '1');
  assert.equal(answer.billingDetails.billedDurationInMilliseconds, 30_000);
});

test('a state is tested on its own, and calls what it calls', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const made = await states.send(
    new TestStateCommand({
      definition: JSON.stringify({
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sfn:createActivity',
        Parameters: { 'Name.$': '$.name' },
        ResultSelector: { 'arn.$': '$.ActivityArn' },
        Next: 'Anywhere',
      }),
      roleArn: role,
      input: '{"name": "make"}',
    }),
  );
  assert.equal(made.status, 'SUCCEEDED');
  assert.equal(made.nextState, 'Anywhere');
  assert.match(JSON.parse(made.output).arn, /:activity:make$/);
});
