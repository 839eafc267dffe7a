// A function of presso.yaml is a line of the route table, and so is what sends others to it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { clients, role, serverFor, temporaryFolder } from './support.mjs';

test('functions of other names go to one that presso runs', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'app.cjs'), 'exports.handler = async (event) => ({ got: event.n });');
  writeFileSync(
    join(folder, 'presso.yaml'),
    'functions:\n  orders: {runtime: nodejs20.x, handler: app.handler}\n' +
      'routes:\n  function old-*: function orders\n',
  );
  const presso = await serverFor(t, { options: ['--config', join(folder, 'presso.yaml')] });
  const { states } = clients(presso.url);
  for (const [index, name] of ['orders', 'old-orders'].entries()) {
    const machine = {
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: { FunctionName: name, 'Payload.$': '$' },
          OutputPath: '$.Payload',
          End: true,
        },
      },
    };
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({
        name: `call-${index}`,
        definition: JSON.stringify(machine),
        roleArn: role,
      }),
    );
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ n: index }) }),
    );
    const path = `_presso/await?execution=${encodeURIComponent(executionArn)}`;
    const ended = await (await fetch(`${presso.url}/${path}`)).json();
    assert.equal(ended.output, JSON.stringify({ got: index }), JSON.stringify(ended));
  }
});
