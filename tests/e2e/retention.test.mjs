// Closed executions leave after their retention, and the file becomes smaller.
import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, role, serverFor, temporaryFolder } from './support.mjs';

const pass = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
const wait = JSON.stringify({
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 200 * 86_400, End: true } },
});
const days = (count) => count * 86_400;

async function machine(states, name, definition) {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name, definition, roleArn: role }),
  );
  return stateMachineArn;
}

function bytesIn(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

const gone = { name: 'ExecutionDoesNotExist' };

test('91 days later the closed ones are gone, the open one is there', async (t) => {
  const folder = temporaryFolder(t);
  const options = ['--data', folder, '--durability', 'process'];
  const first = await startPresso({ options });
  const { states } = clients(first.url);
  const stateMachineArn = await machine(states, 'pass', pass);
  const waitArn = await machine(states, 'wait', wait);
  const input = JSON.stringify('x'.repeat(20_000));
  const open = await states.send(new StartExecutionCommand({ stateMachineArn: waitArn, input }));
  let executionArn;
  for (let i = 0; i < 50; ++i) {
    const started = await Promise.all(
      Array.from({ length: 20 }, (_, j) =>
        states.send(
          new StartExecutionCommand({ stateMachineArn, name: `order-${i}-${j}`, input }),
        ),
      ),
    );
    executionArn = started[0].executionArn;
  }
  const full = bytesIn(folder);
  assert.ok(full > 20_000_000, `${full} bytes`);

  await clock(first.url, { advance_seconds: days(89) });
  await states.send(new DescribeExecutionCommand({ executionArn }));
  await clock(first.url, { advance_seconds: days(2) });
  await assert.rejects(states.send(new DescribeExecutionCommand({ executionArn })), gone);
  await assert.rejects(states.send(new GetExecutionHistoryCommand({ executionArn })), gone);
  await assert.rejects(states.send(new RedriveExecutionCommand({ executionArn })), gone);
  const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
  assert.deepEqual(executions, []);
  const running = await states.send(new DescribeExecutionCommand(open));
  assert.equal(running.status, 'RUNNING');
  assert.equal(running.input, input);
  const { executionArn: again } = await states.send(
    new StartExecutionCommand({ stateMachineArn, name: 'order-49-0' }),
  );
  assert.equal(again, executionArn);
  await eventually(() => statSync(join(folder, 'presso.db')).size < 2_000_000, 'a small file');
  await first.kill();

  const second = await serverFor(t, { options });
  const after = clients(second.url).states;
  const kept = await after.send(new DescribeExecutionCommand({ executionArn }));
  assert.equal(kept.input, '{}');
  assert.equal((await after.send(new DescribeExecutionCommand(open))).input, input);
});

test('a shorter retention comes from presso.yaml, or from the command line', async (t) => {
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, 'retention: 2h\n');
  const cases = [
    [['--config', file], 7_199, 1],
    [['--config', file, '--retention', '5m'], 299, 1],
  ];
  for (const [options, before, more] of cases) {
    const { url } = await serverFor(t, { options: [...options, '--clock', 'frozen'] });
    const { states } = clients(url);
    const stateMachineArn = await machine(states, 'pass', pass);
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    await clock(url, { advance_seconds: before });
    await states.send(new DescribeExecutionCommand({ executionArn }));
    await clock(url, { advance_seconds: more });
    await assert.rejects(states.send(new DescribeExecutionCommand({ executionArn })), gone);
  }
});
