// The coffee shop as an ordinary client of AWS sees it: tables, a state machine, a rule, and what
// customers and baristas do. Nothing here knows that the endpoint is not AWS, except for the clock.
import { readFileSync } from 'node:fs';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';

import { subscribe } from './events.mjs';

export const bus = 'Serverlesspresso';
const source = 'awsserverlessda.serverlesspresso';
const definition = readFileSync(new URL('./order-processor.asl.json', import.meta.url), 'utf8');
const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
const region = 'us-east-1';

export class Shop {
  #listeners = new Set();
  #events = [];

  constructor({ pressoUrl, dynamoUrl }) {
    this.dynamo = new DynamoDBClient({ endpoint: dynamoUrl, region, credentials });
    this.connect(pressoUrl);
  }

  // Also after a restart, when the server may have another port.
  connect(pressoUrl) {
    this.url = pressoUrl;
    this.states = new SFNClient({ endpoint: pressoUrl, region, credentials });
    this.bus = new EventBridgeClient({ endpoint: pressoUrl, region, credentials });
  }

  // ---- once ----
  async createTables() {
    for (const TableName of ['serverlesspresso-config-table', 'serverlesspresso-counting-table']) {
      await this.dynamo.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'PK', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
      await waitUntilTableExists(
        { client: this.dynamo, minDelay: 1, maxWaitTime: 10 },
        { TableName },
      );
    }
    await this.setOpen(true);
    await this.dynamo.send(
      new PutItemCommand({
        TableName: 'serverlesspresso-counting-table',
        Item: { PK: { S: 'orderID' }, IDvalue: { N: '0' } },
      }),
    );
  }

  async createWorkflow() {
    const { stateMachineArn } = await this.states.send(
      new CreateStateMachineCommand({
        name: 'OrderProcessorWorkflow',
        definition,
        roleArn: 'arn:aws:iam::000000000000:role/order-processor',
      }),
    );
    this.stateMachineArn = stateMachineArn;
    await this.bus.send(
      new PutRuleCommand({
        Name: 'NewOrder',
        EventBusName: bus,
        EventPattern: JSON.stringify({ 'detail-type': ['Validator.NewOrder'], source: [source] }),
      }),
    );
    const { FailedEntryCount } = await this.bus.send(
      new PutTargetsCommand({
        Rule: 'NewOrder',
        EventBusName: bus,
        Targets: [
          {
            Id: 'OrderProcessorWorkflow',
            Arn: stateMachineArn,
            RoleArn: 'arn:aws:iam::000000000000:role/new-order',
          },
        ],
      }),
    );
    if (FailedEntryCount !== 0) throw new Error('PutTargets refused the state machine');
  }

  // ---- events ----
  async listen(onEvent) {
    this.subscription = await subscribe(this.url, bus, (event) => {
      this.#events.push(event);
      onEvent(event);
      for (const listener of this.#listeners) listener(event);
    });
  }

  // The virtual time of what happened last.
  lastTime() {
    return this.#events.at(-1)?.time;
  }

  // The first event, past or to come, of this type for this order.
  async event(detailType, orderId, timeoutMs = 5000) {
    const isIt = (event) =>
      event['detail-type'] === `OrderProcessor.${detailType}` &&
      (event.detail.orderId === orderId || event.detail.userId === `user-of-${orderId}`);
    const seen = this.#events.find(isIt);
    if (seen !== undefined) return seen;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error(`no ${detailType} of ${orderId} within ${timeoutMs} ms`));
      }, timeoutMs);
      const listener = (event) => {
        if (!isIt(event)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(event);
      };
      this.#listeners.add(listener);
    });
  }

  // ---- people ----
  setOpen(isOpen) {
    return this.dynamo.send(
      new PutItemCommand({
        TableName: 'serverlesspresso-config-table',
        Item: { PK: { S: 'config' }, storeOpen: { BOOL: isOpen } },
      }),
    );
  }

  async order(orderId) {
    const { FailedEntryCount } = await this.bus.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: bus,
            Source: source,
            DetailType: 'Validator.NewOrder',
            Detail: JSON.stringify({ orderId, userId: `user-of-${orderId}` }),
          },
        ],
      }),
    );
    if (FailedEntryCount !== 0) throw new Error(`the order ${orderId} was refused`);
  }

  answer(event, output) {
    return this.states.send(
      new SendTaskSuccessCommand({
        taskToken: event.detail.TaskToken,
        output: JSON.stringify(output),
      }),
    );
  }

  // ---- looking ----
  async executions(statusFilter) {
    const found = [];
    let nextToken;
    do {
      const page = await this.states.send(
        new ListExecutionsCommand({
          stateMachineArn: this.stateMachineArn,
          statusFilter,
          nextToken,
        }),
      );
      found.push(...page.executions);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  describe(executionArn) {
    return this.states.send(new DescribeExecutionCommand({ executionArn }));
  }

  history(executionArn) {
    return this.states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  }

  // The execution of an order: its input is the event of the new order.
  async executionOf(orderId) {
    for (const { executionArn } of await this.executions()) {
      const execution = await this.describe(executionArn);
      if (JSON.parse(execution.input).detail.orderId === orderId) return execution;
    }
    throw new Error(`no execution of ${orderId}`);
  }

  // Until the order's execution is closed.
  async closed(orderId) {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const execution = await this.executionOf(orderId);
      if (execution.status !== 'RUNNING') return execution;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the execution of ${orderId} did not end`);
  }

  // ---- time ----
  async clock(body) {
    const response = await fetch(`${this.url}/_presso/clock`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`/_presso/clock answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  close() {
    this.subscription?.close();
    this.states.destroy();
    this.bus.destroy();
    this.dynamo.destroy();
  }
}
