// What was acknowledged is there after kill -9.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, role, serverFor, temporaryFolder } from './support.mjs';

const waiting = JSON.stringify({
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 600, Next: 'Done' }, Done: { Type: 'Pass', End: true } },
});

test('an execution, its machine and its rules survive kill -9 and it goes on', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const { states, events } = clients(first.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'waits', definition: waiting, roleArn: role }),
  );
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"n": 1}' }),
  );
  await events.send(new CreateEventBusCommand({ Name: 'orders' }));
  await events.send(
    new PutRuleCommand({
      Name: 'all',
      EventBusName: 'orders',
      EventPattern: '{"source":["shop"]}',
    }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: 'all',
      EventBusName: 'orders',
      Targets: [{ Id: 'm', Arn: stateMachineArn, RoleArn: role }],
    }),
  );
  await first.kill();

  const second = await serverFor(t, { options });
  const again = clients(second.url);
  const machine = await again.states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  assert.equal(machine.definition, waiting);
  const execution = await again.states.send(new DescribeExecutionCommand({ executionArn }));
  assert.equal(execution.status, 'RUNNING');
  assert.equal(execution.input, '{"n": 1}');
  const rule = await again.events.send(
    new DescribeRuleCommand({ Name: 'all', EventBusName: 'orders' }),
  );
  assert.equal(rule.EventPattern, '{"source":["shop"]}');
  const { Targets } = await again.events.send(
    new ListTargetsByRuleCommand({ Rule: 'all', EventBusName: 'orders' }),
  );
  assert.equal(Targets[0].Arn, stateMachineArn);

  await clock(second.url, { advance_seconds: 600 });
  await eventually(async () => {
    const { status } = await again.states.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'SUCCEEDED';
  }, 'the execution');
  const history = await again.states.send(new GetExecutionHistoryCommand({ executionArn }));
  assert.deepEqual(
    history.events.map(({ id, type }) => `${id} ${type}`),
    [
      '1 ExecutionStarted',
      '2 WaitStateEntered',
      '3 WaitStateExited',
      '4 PassStateEntered',
      '5 PassStateExited',
      '6 ExecutionSucceeded',
    ],
  );
});

test('without --data nothing is kept', async (t) => {
  const first = await startPresso();
  const { states } = clients(first.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'gone', definition: waiting, roleArn: role }),
  );
  await first.stop();
  const second = await serverFor(t);
  await assert.rejects(
    clients(second.url).states.send(new DescribeStateMachineCommand({ stateMachineArn })),
    { name: 'StateMachineDoesNotExist' },
  );
});

test('a second server on the same folder is refused with one clear sentence', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  await serverFor(t, { options });
  await assert.rejects(startPresso({ options }), /ended \(1\) before it was ready/);
});

test('virtual time goes on after kill -9 where it was', async (t) => {
  const options = ['--data', temporaryFolder(t)];
  const first = await startPresso({ options });
  const { now: moved } = await clock(first.url, { advance_seconds: 86_400 });
  await first.kill();
  const second = await serverFor(t, { options });
  const { now } = await clock(second.url);
  assert.ok(new Date(now) >= new Date(moved), `${now} is before ${moved}`);
});
