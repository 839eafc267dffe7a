// Executions that tasks start: started and left, awaited, and awaited with their output as JSON.
// And what is nested within one machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

import { clients, eventually, role, serverFor } from './support.mjs';

const start = 'arn:aws:states:::states:startExecution';

async function machine(states, name, state) {
  const definition = JSON.stringify({ StartAt: 'S', States: { S: state } });
  const made = new CreateStateMachineCommand({ name, definition, roleArn: role });
  return (await states.send(made)).stateMachineArn;
}

async function ended(states, executionArn) {
  return eventually(async () => {
    const seen = await states.send(new DescribeExecutionCommand({ executionArn }));
    return seen.status !== 'RUNNING' && seen;
  }, 'the end');
}

test('a task awaits the execution that it starts, and shows its output', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const child = await machine(states, 'child', { Type: 'Pass', Result: { cup: 1 }, End: true });
  const outputs = {};
  for (const pattern of ['', '.sync', '.sync:2']) {
    const parent = await machine(states, `parent${pattern.replace(/\W/g, '-')}`, {
      Type: 'Task',
      Resource: start + pattern,
      Parameters: {
        StateMachineArn: child,
        Input: { 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id' },
      },
      End: true,
    });
    const begun = await states.send(new StartExecutionCommand({ stateMachineArn: parent }));
    const { status, output, cause } = await ended(states, begun.executionArn);
    assert.equal(status, 'SUCCEEDED', cause);
    outputs[pattern] = JSON.parse(output);
  }
  assert.match(outputs[''].ExecutionArn, /:execution:child:/);
  assert.equal(outputs[''].Output, undefined);
  assert.equal(outputs['.sync'].Output, '{"cup":1}');
  assert.deepEqual(outputs['.sync:2'].Output, { cup: 1 });
  assert.equal(outputs['.sync:2'].Status, 'SUCCEEDED');
});

test('what becomes of the child becomes of its task, and the other way round', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const child = await machine(states, 'child', { Type: 'Fail', Error: 'Spilt', Cause: 'milk' });
  const Parameters = { StateMachineArn: child };
  const Resource = `${start}.sync:2`;
  const stateMachineArn = await machine(states, 'parent', {
    Type: 'Task', Resource, Parameters, End: true,
  });
  const begun = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const { status, error, cause } = await ended(states, begun.executionArn);
  assert.deepEqual([status, error], ['FAILED', 'States.TaskFailed']);
  const told = JSON.parse(cause);
  assert.deepEqual([told.Status, told.Error, told.Cause], ['FAILED', 'Spilt', 'milk']);

  const long = await machine(states, 'long', { Type: 'Wait', Seconds: 3600, End: true });
  const waiting = await machine(states, 'waiting', {
    Type: 'Task', Resource, Parameters: { StateMachineArn: long }, End: true,
  });
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn: waiting }),
  );
  const children = new ListExecutionsCommand({ stateMachineArn: long });
  const [inner] = await eventually(async () => {
    const { executions } = await states.send(children);
    return executions.length > 0 && executions;
  }, 'the child');
  await states.send(new StopExecutionCommand({ executionArn }));
  assert.equal((await ended(states, inner.executionArn)).status, 'ABORTED');
});

// Branches of a Parallel in the items of a Map in a branch …, so many of them.
function nested(depth) {
  const name = `S${depth}`;
  const inner = () => nested(depth - 1);
  let state = { Type: 'Pass', End: true };
  if (depth % 2 === 1) state = { Type: 'Parallel', Branches: [inner()], End: true };
  if (depth % 2 === 0 && depth > 0) {
    state = { Type: 'Map', Items: [1], ItemProcessor: inner(), End: true };
  }
  return { StartAt: name, States: { [name]: state } };
}

test('fifty levels of Map and Parallel come to an end', async (t) => {
  const { states } = clients((await serverFor(t)).url);
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...nested(50) });
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'deep', definition, roleArn: role }),
  );
  const begun = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const { status, output, cause } = await ended(states, begun.executionArn);
  assert.equal(status, 'SUCCEEDED', cause);
  let inner = JSON.parse(output);
  let depth = 0;
  for (; Array.isArray(inner); [inner] = inner) depth += 1;
  assert.deepEqual([depth, inner], [50, 1]);
});
