// A machine that is deleted while an execution of it waits: over a restart, until it is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, role, serverFor, temporaryFolder } from './support.mjs';

const definition = JSON.stringify({
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 600, Next: 'Done' }, Done: { Type: 'Pass', End: true } },
});

test('a deleted machine is DELETING while it runs, over kill -9, and then gone', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const before = clients(first.url).states;
  const machine = await before.send(
    new CreateStateMachineCommand({ name: 'waits', definition, roleArn: role }),
  );
  const { stateMachineArn } = machine;
  const { executionArn } = await before.send(new StartExecutionCommand({ stateMachineArn }));
  await before.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await first.kill();

  const second = await serverFor(t, { options });
  const { states } = clients(second.url);
  const described = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  assert.equal(described.status, 'DELETING');
  await assert.rejects(states.send(new StartExecutionCommand({ stateMachineArn })), {
    name: 'StateMachineDeleting',
    message: `State Machine is being deleted: '${stateMachineArn}'`,
  });
  await clock(second.url, { advance_seconds: 660 });
  const ended = await eventually(async () => {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status !== 'RUNNING' && execution;
  });
  assert.equal(ended.status, 'FAILED');
  assert.equal(ended.error, 'States.Runtime');
  assert.equal(ended.cause, 'State machine waits has been deleted.');
  assert.equal(ended.redriveStatusReason, 'State machine is in DELETING status');
  await assert.rejects(states.send(new DescribeStateMachineCommand({ stateMachineArn })), {
    name: 'StateMachineDoesNotExist',
  });
  const again = await states.send(
    new CreateStateMachineCommand({ name: 'waits', definition, roleArn: role }),
  );
  assert.equal(again.stateMachineArn, stateMachineArn);
});
