// Step Functions Local's mock configuration, with the stock client.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';

import { pressoBinary, startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, role, temporaryFolder } from './support.mjs';

const definition = JSON.stringify({
  StartAt: 'Pay',
  States: {
    Pay: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'pay' },
      End: true,
    },
  },
});
const configuration = (paid) =>
  JSON.stringify({
    StateMachines: {
      Orders: { TestCases: { Happy: { Pay: 'Paid' } } },
      Quick: { TestCases: { Happy: { Pay: 'Paid' } } },
    },
    MockedResponses: { Paid: { '0-9': { Return: { StatusCode: 200, Payload: { paid } } } } },
  });

test('an execution of a test case is answered by the file, as it is at its start', async (t) => {
  const file = join(temporaryFolder(t), 'mocks.json');
  writeFileSync(file, configuration(1));
  const presso = await startPresso({ environment: { SFN_MOCK_CONFIG: file } });
  t.after(() => presso.stop());
  const { states } = clients(presso.url);
  const create = (name, type) =>
    states.send(new CreateStateMachineCommand({ name, type, definition, roleArn: role }));
  const { stateMachineArn } = await create('Orders', 'STANDARD');
  const run = async () => {
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}#Happy` }),
    );
    const ended = await eventually(async () => {
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status !== 'RUNNING' && execution;
    }, 'an end');
    return JSON.parse(ended.output).Payload.paid;
  };
  assert.equal(await run(), 1);
  writeFileSync(file, configuration('anew'));
  assert.equal(await run(), 'anew');
  writeFileSync(file, '{');
  assert.equal(await run(), 'anew');

  const { stateMachineArn: quick } = await create('Quick', 'EXPRESS');
  const { output } = await states.send(
    new StartSyncExecutionCommand({ stateMachineArn: `${quick}#Happy` }),
  );
  assert.deepEqual(JSON.parse(output).Payload, { paid: 'anew' });
  await assert.rejects(
    states.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}#Sad` })),
    { name: 'InvalidArn' },
  );
});

test('a wrong file is told at the start, with its line', (t) => {
  const file = join(temporaryFolder(t), 'mocks.json');
  writeFileSync(file, '{"MockedResponses": {},\n"StateMachines": {\n"Orders": []}}');
  const given = ['serve', '--port', '0', '--mock-config', file];
  const { status, stderr } = spawnSync(pressoBinary, given, { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(
    stderr,
    `presso: ${file}: line 3: /StateMachines/Orders must have the object TestCases\n`,
  );
});
