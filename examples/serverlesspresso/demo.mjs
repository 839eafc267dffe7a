// The order workflow, end to end, on a server of its own: what `./dev demo` runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startDynalite, startPresso } from './servers.mjs';
import { bus, Shop } from './shop.mjs';
import { Timeline } from './timeline.mjs';

const keep = process.argv.includes('--keep');
const timeline = new Timeline();

const outcomes = {
  'Validator.NewOrder': 'a new order',
  'OrderProcessor.WorkflowStarted': 'waits for the customer',
  'OrderProcessor.WaitingCompletion': 'waits for the barista',
  'OrderProcessor.orderFinished': 'served',
  'OrderProcessor.OrderTimeOut': 'given up',
  'OrderProcessor.ShopUnavailable': 'refused',
};

// Twenty-one orders at once would only repeat themselves: such a scene prints its own summary.
let isQuiet = false;

function printEvent(event) {
  if (isQuiet) return;
  const { orderId, userId, orderNumber } = event.detail;
  const who = orderId ?? userId?.replace('user-of-', '') ?? '';
  const number = orderNumber === undefined ? '' : `, number ${orderNumber}`;
  timeline.line(
    event.time,
    'event',
    event['detail-type'],
    who,
    `${outcomes[event['detail-type']] ?? ''}${number}`,
  );
}

async function person(shop, what, orderId) {
  timeline.line((await shop.clock()).now, 'person', what, orderId);
}

async function pass(shop, minutes) {
  const then = Date.parse((await shop.clock()).now) + minutes * 60_000;
  timeline.line(then, 'time', `— ${minutes} minutes later —`);
  await shop.clock({ advance_seconds: minutes * 60 });
}

async function submit(shop, orderId) {
  const started = await shop.event('WorkflowStarted', orderId);
  await person(shop, 'the customer submits', orderId);
  await shop.answer(started, { drink: 'Cappuccino' });
  return shop.event('WaitingCompletion', orderId);
}

async function served(shop) {
  timeline.scene(1, 'A coffee is served');
  await shop.order('order-1');
  const waiting = await submit(shop, 'order-1');
  await person(shop, 'the barista completes', 'order-1');
  await shop.answer(waiting, { by: 'barista' });
  await shop.event('orderFinished', 'order-1');
  const { status, executionArn } = await shop.closed('order-1');
  const { events } = await shop.history(executionArn);
  timeline.check(
    status === 'SUCCEEDED',
    `order-1 ${status}, ${events.length} events in its history`,
  );
  timeline.check(
    waiting.detail.orderNumber === '1',
    `its order number is ${waiting.detail.orderNumber}`,
  );
}

async function customerLeaves(shop) {
  timeline.scene(2, 'The customer never answers');
  await shop.order('order-2');
  await shop.event('WorkflowStarted', 'order-2');
  await pass(shop, 5);
  const { detail } = await shop.event('OrderTimeOut', 'order-2');
  const { status } = await shop.closed('order-2');
  timeline.check(
    status === 'SUCCEEDED' && detail.cause.includes('customer'),
    `OrderTimeOut: ${detail.cause}`,
  );
}

async function baristaLeaves(shop) {
  timeline.scene(3, 'The barista never answers');
  await shop.order('order-3');
  await submit(shop, 'order-3');
  await pass(shop, 15);
  const { detail } = await shop.event('OrderTimeOut', 'order-3');
  const { status } = await shop.closed('order-3');
  timeline.check(
    status === 'SUCCEEDED' && detail.cause.includes('barista'),
    `OrderTimeOut: ${detail.cause}`,
  );
}

async function closed(shop) {
  timeline.scene(4, 'The shop is closed');
  await shop.setOpen(false);
  await shop.order('order-4');
  const { detail } = await shop.event('ShopUnavailable', 'order-4');
  await shop.setOpen(true);
  const { status } = await shop.closed('order-4');
  timeline.check(status === 'SUCCEEDED', `ShopUnavailable: ${detail.Message}`);
}

async function full(shop) {
  timeline.scene(5, 'The shop is full');
  isQuiet = true;
  const orders = Array.from({ length: 20 }, (_, index) => `order-5-${index + 1}`);
  for (const order of orders) {
    await shop.order(order);
    await shop.event('WorkflowStarted', order);
  }
  await person(shop, 'twenty customers take their time', '');
  isQuiet = false;
  const running = await shop.executions('RUNNING');
  timeline.check(running.length === 20, `${running.length} orders are running`);
  await shop.order('order-5-21');
  const { detail } = await shop.event('ShopUnavailable', 'order-5-21');
  timeline.check(detail.userId === 'user-of-order-5-21', `ShopUnavailable: ${detail.Message}`);
  isQuiet = true;
  await pass(shop, 5);
  await Promise.all(orders.map((order) => shop.event('OrderTimeOut', order)));
  isQuiet = false;
  const left = await shop.executions('RUNNING');
  timeline.check(left.length === 0, 'all twenty were given up at their time');
}

async function powerCut(shop, presso, start) {
  timeline.scene(6, 'The power goes out');
  await shop.order('order-6');
  const waiting = await submit(shop, 'order-6');
  await presso.kill();
  const dark = Date.now();
  timeline.line(shop.lastTime(), 'bad', 'kill -9', 'order-6', 'waits for the barista');
  const again = await start(presso.port);
  shop.connect(again.url);
  await shop.listen(printEvent);
  await person(shop, `serving again after ${Date.now() - dark} ms`, '');
  const { status: before } = await shop.executionOf('order-6');
  timeline.check(before === 'RUNNING', `order-6 is ${before}`);
  await person(shop, 'the barista completes', 'order-6');
  await shop.answer(waiting, { by: 'barista' });
  await shop.event('orderFinished', 'order-6');
  const { status } = await shop.closed('order-6');
  timeline.check(status === 'SUCCEEDED', `order-6 ${status}`);
  return again;
}

function printWhatToTry(shop, presso, dynamo, data) {
  const access = 'AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=local';
  const aws = `${access} AWS_DEFAULT_REGION=us-east-1 \\\n` + `   aws --endpoint-url ${presso.url}`;
  const entry = JSON.stringify({
    EventBusName: bus,
    Source: 'awsserverlessda.serverlesspresso',
    DetailType: 'Validator.NewOrder',
    Detail: '{"orderId":"mine","userId":"me"}',
  });
  timeline.title('Both servers go on until you press Ctrl-C. Try:');
  console.log(`
   ${aws} stepfunctions list-executions --state-machine-arn ${shop.stateMachineArn}

   ${aws} events put-events --entries '[${entry}]'

   curl -N '${presso.url}/_presso/events?bus=${bus}'
   curl ${presso.url}/_presso/clock -d '{"advance_seconds":300}'

   presso ${presso.url} (data in ${data}), DynamoDB ${dynamo.url}`);
}

async function main() {
  const begun = Date.now();
  const data = mkdtempSync(join(tmpdir(), 'presso-demo-'));
  const dynamo = await startDynalite();
  const start = (port) =>
    startPresso({
      port,
      options: ['--data', data],
      environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url },
    });
  let presso = await start(0);
  const shop = new Shop({ pressoUrl: presso.url, dynamoUrl: dynamo.url });
  const stop = async () => {
    shop.close();
    await presso.stop();
    await dynamo.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    timeline.title(`presso on ${presso.url}, DynamoDB on ${dynamo.url}`);
    await shop.createTables();
    await shop.createWorkflow();
    await shop.listen(printEvent);
    await served(shop);
    await customerLeaves(shop);
    await baristaLeaves(shop);
    await closed(shop);
    await full(shop);
    presso = await powerCut(shop, presso, start);
    process.exitCode = timeline.end(Date.now() - begun);
    if (keep) {
      printWhatToTry(shop, presso, dynamo, data);
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    }
  } catch (error) {
    timeline.check(false, error.message);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}

await main();
