// loggingConfiguration: what executions log goes to CloudWatch Logs, in order, and to subscribers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { startLogs } from '../recordings/fake_logs.mjs';
import { clients, eventually, role, serverFor } from './support.mjs';

const logGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/states/coffee:*';
const types = ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'];

async function machine(states, loggingConfiguration, type = 'STANDARD') {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: `logs-${type}`,
      type,
      roleArn: role,
      definition: '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}',
      loggingConfiguration: {
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
        ...loggingConfiguration,
      },
    }),
  );
  return stateMachineArn;
}

// The lines of the first `count` items of a stream.
async function linesOf(url, count) {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  const lines = [];
  let text = '';
  for await (const piece of response.body) {
    text += Buffer.from(piece).toString('utf8');
    const items = text.split('\n\n').filter((item) => item.includes('data: '));
    if (items.length < count) continue;
    for (const item of items) lines.push(...JSON.parse(item.split('data: ')[1]).lines);
    return lines;
  }
  return assert.fail('the stream has ended');
}

test('lines reach CloudWatch Logs in their order, each once', async (t) => {
  const logs = await startLogs();
  t.after(() => logs.stop());
  const environment = { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url };
  const { url } = await serverFor(t, { environment });
  const { states } = clients(url);
  const stateMachineArn = await machine(states, { level: 'ALL', includeExecutionData: true });
  const arns = [];
  for (let i = 0; i < 50; ++i) {
    const input = JSON.stringify({ i });
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input }),
    );
    arns.push(executionArn);
  }
  await eventually(() => logs.lines.length >= 200, 'all lines');
  assert.deepEqual(
    logs.lines.map((line) => [line.execution_arn, line.type]),
    arns.flatMap((arn) => types.map((type) => [arn, type])),
  );
  const [first] = logs.lines;
  assert.equal(first.logGroupName, '/aws/states/coffee');
  assert.match(first.logStreamName, /^states\/logs-STANDARD\/\d{4}(-\d\d){4}\/[0-9a-f]{8}$/);
  assert.equal(String(first.timestamp), first.event_timestamp);
  assert.equal(first.details.input, '{"i":0}');
  assert.equal(logs.streams.size, 1);
});

test('subscribers see what an Express execution logs, without CloudWatch Logs', async (t) => {
  const { url } = await serverFor(t);
  const { states } = clients(url);
  const stateMachineArn = await machine(states, { level: 'ALL' }, 'EXPRESS');
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const lines = await linesOf(`${url}/_presso/logs?since=0&machine=logs-EXPRESS`, 1);
  assert.deepEqual(
    lines.map(({ type }) => type),
    types,
  );
  assert.ok(lines.every((line) => line.execution_arn === executionArn));
  assert.ok(lines.every(({ details }) => details.input === undefined));
  const ofOne = await linesOf(`${url}/_presso/logs?since=0&execution=${executionArn}`, 1);
  assert.equal(ofOne.length, types.length);
});
