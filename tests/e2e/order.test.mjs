// The order workflow as a client lives it: each way it can end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startDynalite, startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { Shop } from '../../examples/serverlesspresso/shop.mjs';

let dynamo;
let presso;
let shop;

before(async () => {
  dynamo = await startDynalite();
  presso = await startPresso({ environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url } });
  shop = new Shop({ pressoUrl: presso.url, dynamoUrl: dynamo.url });
  await shop.createTables();
  await shop.createWorkflow();
  await shop.listen(() => {});
});

after(async () => {
  shop?.close();
  await presso?.stop();
  await dynamo?.stop();
});

test('a coffee is served, and its history is the one that AWS would write', async () => {
  await shop.order('served');
  await shop.answer(await shop.event('WorkflowStarted', 'served'), {});
  const waiting = await shop.event('WaitingCompletion', 'served');
  await shop.answer(waiting, { by: 'barista' });
  await shop.event('orderFinished', 'served');
  const { status, executionArn } = await shop.closed('served');
  assert.equal(status, 'SUCCEEDED');
  const { events } = await shop.history(executionArn);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ],
  );
  events.forEach(({ id, previousEventId }, index) => {
    assert.equal(id, index + 1);
    assert.equal(previousEventId, index < 2 ? 0 : index);
  });
});

test('a customer who never answers times out after five minutes, to the second', async () => {
  await shop.order('left');
  const started = await shop.event('WorkflowStarted', 'left');
  await shop.clock({ advance_seconds: 299 });
  assert.equal((await shop.executionOf('left')).status, 'RUNNING');
  await shop.clock({ advance_seconds: 1 });
  const { detail } = await shop.event('OrderTimeOut', 'left');
  assert.match(detail.cause, /customer/);
  await shop.closed('left');
  await assert.rejects(shop.answer(started, {}), { name: 'TaskTimedOut' });
});

test('a barista who never answers times out after fifteen minutes', async () => {
  await shop.order('cold');
  await shop.answer(await shop.event('WorkflowStarted', 'cold'), {});
  await shop.event('WaitingCompletion', 'cold');
  await shop.clock({ advance_seconds: 900 });
  const { detail } = await shop.event('OrderTimeOut', 'cold');
  assert.match(detail.cause, /barista/);
});

test('a closed shop refuses', async () => {
  await shop.setOpen(false);
  await shop.order('refused');
  await shop.event('ShopUnavailable', 'refused');
  await shop.setOpen(true);
  assert.equal((await shop.closed('refused')).status, 'SUCCEEDED');
});

test('a full shop refuses the twenty-first order', async () => {
  const orders = Array.from({ length: 20 }, (_, index) => `full-${index}`);
  for (const order of orders) {
    await shop.order(order);
    await shop.event('WorkflowStarted', order);
  }
  await shop.order('full-20');
  await shop.event('ShopUnavailable', 'full-20');
  await shop.clock({ advance_seconds: 300 });
  await Promise.all(orders.map((order) => shop.event('OrderTimeOut', order)));
});
