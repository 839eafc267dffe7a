// The README's schedule and replay, by the stock SDK: a week of schedules at once, and an event
// that passes its bus again.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';

import { clients, clock, eventually, role, serverFor } from './support.mjs';

const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';

async function setUp(t) {
  const { url } = await serverFor(t, { options: ['--clock', 'frozen'] });
  const { states, events } = clients(url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'm', definition, roleArn: role }),
  );
  const executions = async () =>
    (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions;
  return { url, states, events, stateMachineArn, executions };
}

test('a schedule of every day fires seven times in a week that is skipped', async (t) => {
  const { url, stateMachineArn, executions } = await setUp(t);
  const made = await fetch(`${url}/schedules/opening`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'cron(0 9 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: { Arn: stateMachineArn, RoleArn: role },
    }),
  });
  assert.equal(made.status, 200);
  await clock(url, { advance_seconds: 604_800 });
  const started = await eventually(async () => {
    const found = await executions();
    return found.length >= 7 && found;
  });
  assert.equal(started.length, 7);
  const hour = new Intl.DateTimeFormat('en', {
    hour: 'numeric',
    minute: 'numeric',
    hour12: false,
    timeZone: 'Europe/Berlin',
  });
  for (const { startDate } of started) assert.equal(hour.format(startDate), '09:00');
});

test('what passed a bus passes it again, and says so', async (t) => {
  const { url, states, events, stateMachineArn, executions } = await setUp(t);
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: 'm', Arn: stateMachineArn, RoleArn: role }];
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets }));
  const { ArchiveArn } = await events.send(
    new CreateArchiveCommand({
      ArchiveName: 'all',
      EventSourceArn: bus,
      EventPattern: '{"source":["shop"]}',
    }),
  );
  const Entries = [{ Source: 'shop', DetailType: 'order', Detail: '{"n":1}' }];
  await events.send(new PutEventsCommand({ Entries }));
  await eventually(async () => (await executions()).length === 1);
  const archive = await events.send(new DescribeArchiveCommand({ ArchiveName: 'all' }));
  assert.equal(archive.EventCount, 1);
  await clock(url, { advance_seconds: 60 });
  await events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: ArchiveArn,
      Destination: { Arn: bus },
      EventStartTime: new Date(Date.now() - 86_400_000),
      EventEndTime: new Date(Date.now() + 86_400_000),
    }),
  );
  await clock(url, { advance_seconds: 60 });
  const [newest] = await eventually(async () => {
    const found = await executions();
    return found.length === 2 && found;
  });
  const { executionArn } = newest;
  const { input } = await states.send(new DescribeExecutionCommand({ executionArn }));
  assert.equal(JSON.parse(input)['replay-name'], 'again');
  assert.deepEqual(JSON.parse(input).detail, { n: 1 });
  const replay = await events.send(new DescribeReplayCommand({ ReplayName: 'again' }));
  assert.equal(replay.State, 'COMPLETED');
});
