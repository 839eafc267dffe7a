// Tasks wait for their turn on a route, in line with whoever else calls over it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

import { call, peer, signed } from './forward_support.mjs';
import { clients, eventually, role, serverFor } from './support.mjs';

const definition = JSON.stringify({
  StartAt: 'All',
  States: {
    All: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        StartAt: 'List',
        States: {
          List: {
            Type: 'Task',
            Resource: 'arn:aws:states:::aws-sdk:dynamodb:listTables',
            Parameters: {},
            End: true,
          },
        },
      },
      End: true,
    },
  },
});

test('as many tasks as allowed are under way, and who is stopped leaves the line', async (t) => {
  const held = [];
  let passedOn;
  const dynamo = await peer(t, (request, response) => {
    if (request.url === '/passed') passedOn = response;
    else held.push(response);
  });
  const presso = await serverFor(t);
  await fetch(`${presso.url}/_presso/routes`, {
    method: 'PUT',
    body: JSON.stringify({ dynamodb: { to: dynamo.url, max_in_flight: 2 } }),
  });
  const settled = (inFlight, waiting) =>
    eventually(
      async () => {
        const { routes } = await (await fetch(`${presso.url}/_presso/routes`)).json();
        return routes[0].in_flight === inFlight && routes[0].waiting === waiting;
      },
      `${inFlight} in flight and ${waiting} waiting`,
    );
  const { states } = clients(presso.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'all', definition, roleArn: role }),
  );
  const input = JSON.stringify({ items: [1, 2, 3, 4, 5] });
  const start = async () =>
    (await states.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn;

  const stopped = await start();
  await settled(2, 3);
  const passed = call(
    `${presso.url}/passed`,
    { method: 'POST', headers: signed('dynamodb') },
    ['{}'],
  );
  await settled(2, 4);
  await states.send(new StopExecutionCommand({ executionArn: stopped }));
  await settled(1, 0);
  await eventually(() => passedOn !== undefined, 'the call that was passed on');
  passedOn.end('{"TableNames":[]}');
  assert.equal((await passed).status, 200);
  await settled(0, 0);

  // Two of the first execution's calls: a third when its turn came between two of the stops.
  const before = held.length;
  const executionArn = await start();
  for (let i = before; i < before + 5; ++i) {
    await eventually(() => held.length > i, 'the next call');
    assert.ok(held.length <= i + 2);
    held[i].end('{"TableNames":[]}');
  }
  await eventually(async () => {
    const { status } = await states.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'SUCCEEDED';
  }, 'the end');
});
