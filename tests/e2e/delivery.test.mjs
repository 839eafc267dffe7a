// Where events go: targets outside, dead-letter queues, API destinations, schedules under time
// travel, archives and replays, and why a rule did not match. The targets are one HTTP server that
// keeps what it is sent.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import {
  CreateApiDestinationCommand,
  CreateArchiveCommand,
  CreateConnectionCommand,
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

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, serverFor, temporaryFolder } from './support.mjs';

const account = '000000000000';
const arn = (service, rest) => `arn:aws:${service}:us-east-1:${account}:${rest}`;

// `answer(request)` gives {status, body}; nothing is 200.
async function world(t, answer = () => undefined) {
  const received = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(one);
      const { status = 200, body = '{}' } = answer(one) ?? {};
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const target = `http://127.0.0.1:${server.address().port}`;
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL: target } });
  return { ...clients(presso.url), url: presso.url, target, received };
}

async function rule(events, targets, name = 'r') {
  const EventPattern = JSON.stringify({ source: ['shop'] });
  await events.send(new PutRuleCommand({ Name: name, EventPattern }));
  const Targets = targets.map((one, i) => ({ Id: String(i), ...one }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets }));
}

async function put(events, detail = { a: 1 }) {
  const entry = { Source: 'shop', DetailType: 'order', Detail: JSON.stringify(detail) };
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries[0].EventId;
}

test('an event reaches each kind of target in the form of its service', async (t) => {
  const { events, received } = await world(t);
  await rule(events, [
    { Arn: arn('sqs', 'q.fifo'), SqsParameters: { MessageGroupId: 'g' } },
    { Arn: arn('lambda', 'function:f') },
    { Arn: arn('sns', 'topic') },
    { Arn: arn('kinesis', 'stream/s'), KinesisParameters: { PartitionKeyPath: '$.detail.a' } },
    { Arn: arn('firehose', 'deliverystream/d') },
  ]);
  await rule(events, [{ Arn: arn('logs', 'log-group:/aws/events/g:*') }], 'logs');
  const id = await put(events);
  await eventually(() => received.length === 6, 'all six were called');
  const to = (prefix) => received.find(({ headers }) => headers['x-amz-target'] === prefix);
  const message = JSON.parse(to('AmazonSQS.SendMessage').body);
  assert.match(message.QueueUrl, /\/000000000000\/q\.fifo$/);
  assert.equal(message.MessageGroupId, 'g');
  assert.equal(JSON.parse(message.MessageBody).id, id);
  const record = JSON.parse(to('Kinesis_20131202.PutRecord').body);
  assert.deepEqual([record.StreamName, record.PartitionKey], ['s', '1']);
  const delivered = JSON.parse(to('Firehose_20150804.PutRecord').body);
  assert.equal(JSON.parse(Buffer.from(delivered.Record.Data, 'base64')).id, id);
  const log = JSON.parse(to('Logs_20140328.PutLogEvents').body);
  assert.equal(log.logGroupName, '/aws/events/g');
  const lambda = received.find(({ url }) => url.includes('/functions/'));
  assert.equal(lambda.headers['x-amz-invocation-type'], 'Event');
  const publish = received.find(({ body }) => body.startsWith('Action=Publish'));
  const form = new URLSearchParams(publish.body);
  assert.equal(form.get('TopicArn'), arn('sns', 'topic'));
  assert.equal(JSON.parse(form.get('Message')).id, id);
});

test('an API, a mutation, a workflow and an assessment get what the target says', async (t) => {
  const { events, received } = await world(t);
  const api = 'a1/dev/PUT/orders/*';
  const GraphQLOperation = 'mutation Add($id: ID!) { add(id: $id) { id } }';
  const template = arn('inspector', 'target/0-t/template/0-u');
  await rule(events, [
    {
      Arn: arn('execute-api', api),
      HttpParameters: {
        PathParameterValues: ['$.detail.a'],
        QueryStringParameters: { from: '$.source' },
        HeaderParameters: { 'X-Kind': 'fixed' },
      },
      Input: '{"other":1}',
    },
    {
      Arn: arn('appsync', 'endpoints/graphql-api/g1'),
      AppSyncParameters: { GraphQLOperation },
      InputTransformer: { InputPathsMap: { id: '$.detail.a' }, InputTemplate: '{"id":<id>}' },
    },
    { Arn: arn('glue', 'workflow/w') },
    { Arn: template },
  ]);
  const id = await put(events);
  await eventually(() => received.length === 4, 'all four were called');
  const called = received.find(({ method }) => method === 'PUT');
  assert.equal(called.url, '/dev/orders/1?from=shop');
  assert.equal(called.headers['x-kind'], 'fixed');
  assert.equal(called.headers.host, 'a1.execute-api.us-east-1.amazonaws.com');
  assert.match(called.headers.authorization, /\/us-east-1\/execute-api\//);
  assert.deepEqual(JSON.parse(called.body), { other: 1 });
  const posted = received.find(({ url }) => url === '/graphql');
  assert.equal(posted.headers.host, 'g1.appsync-api.us-east-1.amazonaws.com');
  assert.match(posted.headers.authorization, /\/us-east-1\/appsync\//);
  assert.deepEqual(JSON.parse(posted.body), { query: GraphQLOperation, variables: { id: 1 } });
  const to = (name) => received.find(({ headers }) => headers['x-amz-target'] === name);
  assert.deepEqual(JSON.parse(to('AWSGlue.StartWorkflowRun').body), {
    Name: 'w',
    RunProperties: { 'aws:eventIds': JSON.stringify([id]) },
  });
  assert.deepEqual(JSON.parse(to('InspectorService.StartAssessmentRun').body), {
    assessmentTemplateArn: template,
  });
});

test('a delivery is tried for a day of virtual time, then its queue has it', async (t) => {
  const busy = { status: 503, body: '{"__type":"ServiceUnavailable","message":"busy"}' };
  const { events, received, url } = await world(t, ({ headers, body }) =>
    headers['x-amz-target'] === 'AmazonSQS.SendMessage' && !body.includes('dead')
      ? busy
      : undefined,
  );
  await clock(url, { mode: 'frozen' });
  await rule(events, [
    { Arn: arn('sqs', 'q'), DeadLetterConfig: { Arn: arn('sqs', 'dead') }, Input: '{"other":1}' },
  ]);
  const id = await put(events);
  await eventually(() => received.length === 1, 'the first attempt');
  await clock(url, { advance_seconds: 90_000 });
  const last = JSON.parse(received.at(-1).body);
  assert.match(last.QueueUrl, /dead$/);
  assert.equal(JSON.parse(last.MessageBody).id, id);
  const attributes = Object.fromEntries(
    Object.entries(last.MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
  );
  assert.equal(attributes.RULE_ARN, arn('events', 'rule/r'));
  assert.equal(attributes.TARGET_ARN, arn('sqs', 'q'));
  assert.equal(attributes.ERROR_CODE, 'ERROR_FROM_TARGET');
  assert.equal(attributes.ERROR_MESSAGE, 'busy');
  assert.equal(Number(attributes.RETRY_ATTEMPTS) + 2, received.length);
  assert.match(attributes.EXHAUSTED_RETRY_CONDITION, /^Maximum(RetryAttempts|EventAge)/);
});

test('an API destination is called with its credentials, parameters and token', async (t) => {
  let refusals = 0;
  const { events, received, target, url } = await world(t, ({ url: path, headers }) => {
    if (path.startsWith('/token')) {
      return { body: JSON.stringify({ access_token: `t${(refusals += 1)}`, expires_in: 60 }) };
    }
    if (headers.authorization === 'Bearer t1') return { status: 401 };
    return undefined;
  });
  await clock(url, { mode: 'auto' });
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: 'c',
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: {
        OAuthParameters: {
          ClientParameters: { ClientID: 'id', ClientSecret: 'secret' },
          AuthorizationEndpoint: `${target}/token`,
          HttpMethod: 'POST',
        },
        InvocationHttpParameters: {
          HeaderParameters: [{ Key: 'x-shop', Value: 'north' }],
          QueryStringParameters: [{ Key: 'q', Value: 'a b' }],
          BodyParameters: [{ Key: 'who', Value: 'presso' }],
        },
      },
    }),
  );
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({
      Name: 'd',
      ConnectionArn,
      HttpMethod: 'PUT',
      InvocationEndpoint: `${target}/orders/*`,
    }),
  );
  await rule(events, [
    {
      Arn: ApiDestinationArn,
      InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"n": <a>}' },
      HttpParameters: { PathParameterValues: ['7/8'], HeaderParameters: { 'x-more': 'm' } },
    },
  ]);
  await put(events);
  const called = await eventually(
    () => received.find(({ headers }) => headers.authorization === 'Bearer t2'),
    'the second attempt',
  );
  assert.equal(called.method, 'PUT');
  assert.equal(called.url, '/orders/7%2F8?q=a%20b');
  assert.equal(called.headers['x-shop'], 'north');
  assert.equal(called.headers['x-more'], 'm');
  assert.deepEqual(JSON.parse(called.body), { n: 1, who: 'presso' });
  const form = new URLSearchParams(received.find((one) => one.url === '/token').body);
  assert.equal(form.get('client_secret'), 'secret');
  assert.equal(form.get('grant_type'), 'client_credentials');
});

test('a year of schedules passes in a moment, in the time of its zone', async (t) => {
  const { received, url } = await world(t);
  await clock(url, { mode: 'frozen' });
  const created = await fetch(`${url}/schedules/daily`, {
    method: 'POST',
    body: JSON.stringify({
      ScheduleExpression: 'cron(0 9 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
        RoleArn: `arn:aws:iam::${account}:role/r`,
        Input: '{"QueueUrl":"q","MessageBody":"<aws.scheduler.scheduled-time>"}',
      },
    }),
  });
  assert.equal(created.status, 200);
  const { ScheduleArn } = await created.json();
  assert.equal(ScheduleArn, arn('scheduler', 'schedule/default/daily'));
  await clock(url, { advance_seconds: 365 * 86_400 });
  assert.equal(received.length, 365);
  const format = new Intl.DateTimeFormat('en', {
    timeZone: 'Europe/Berlin',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  for (const { body } of received) {
    assert.equal(format.format(new Date(JSON.parse(body).MessageBody)), '09:00');
  }
});

test('a schedule starts an execution, by template and by an action it names', async (t) => {
  const { states, url } = await world(t);
  const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
  const roleArn = `arn:aws:iam::${account}:role/r`;
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'm', definition, roleArn }),
  );
  const targets = {
    template: { Arn: stateMachineArn, Input: '{"by":"template"}' },
    universal: {
      Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
      Input: JSON.stringify({ StateMachineArn: stateMachineArn, Input: '{"by":"action"}' }),
    },
  };
  for (const [name, target] of Object.entries(targets)) {
    const { status } = await fetch(`${url}/schedules/${name}`, {
      method: 'POST',
      body: JSON.stringify({
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { ...target, RoleArn: roleArn },
      }),
    });
    assert.equal(status, 200);
  }
  const { executions } = await eventually(async () => {
    const list = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    return list.executions.length === 2 && list;
  }, 'both executions');
  const inputs = [];
  for (const { executionArn } of executions) {
    inputs.push((await states.send(new DescribeExecutionCommand({ executionArn }))).input);
  }
  assert.deepEqual(inputs.sort(), ['{"by":"action"}', '{"by":"template"}']);
});

test('deliveries, dead letters, schedules and archives survive kill -9', async (t) => {
  let isOpen = false;
  const { received, target } = await world(t, ({ body }) =>
    isOpen || body.includes('dead') ? undefined : { status: 503 },
  );
  const options = ['--data', temporaryFolder(t), '--clock', 'frozen'];
  const environment = { AWS_ENDPOINT_URL: target };
  const first = await startPresso({ options, environment });
  const { events } = clients(first.url);
  await rule(events, [{ Arn: arn('sqs', 'q'), DeadLetterConfig: { Arn: arn('sqs', 'dead') } }]);
  const EventSourceArn = arn('events', 'event-bus/default');
  await events.send(new CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn }));
  await fetch(`${first.url}/schedules/tick`, {
    method: 'POST',
    body: JSON.stringify({
      ScheduleExpression: 'cron(0 0 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arn('sqs', 'tick'), RoleArn: `arn:aws:iam::${account}:role/r` },
    }),
  });
  const id = await put(events);
  await eventually(() => received.length === 1, 'the first attempt');
  await clock(first.url, { advance_seconds: 60 });
  const before = received.length;
  assert.ok(before > 3, `${before} attempts in a minute`);
  await first.kill();
  isOpen = true;
  const second = await serverFor(t, { options, environment });
  await clock(second.url, { advance_seconds: 2 * 86_400 });
  const bodies = received.slice(before).map(({ body }) => JSON.parse(body));
  const to = (name) => bodies.filter(({ QueueUrl }) => QueueUrl.endsWith(`/${name}`));
  assert.equal(JSON.parse(to('q')[0].MessageBody).id, id);
  assert.equal(to('dead').length, 0);
  assert.equal(to('tick').length, 2);
  const { EventCount } = await clients(second.url).events.send(
    new DescribeArchiveCommand({ ArchiveName: 'a' }),
  );
  assert.equal(EventCount, 1);
});

test('an archive is replayed to the rules that are named', async (t) => {
  const { events, received, url } = await world(t);
  await rule(events, [{ Arn: arn('sqs', 'q') }]);
  await rule(events, [{ Arn: arn('sqs', 'other') }], 'other');
  const EventSourceArn = arn('events', 'event-bus/default');
  await events.send(new CreateArchiveCommand({ ArchiveName: 'a', EventSourceArn }));
  const before = new Date(Date.now() - 60_000);
  const id = await put(events);
  await eventually(() => received.length === 2, 'both rules');
  await events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: arn('events', 'archive/a'),
      EventStartTime: before,
      EventEndTime: new Date(Date.now() + 60_000),
      Destination: { Arn: EventSourceArn, FilterArns: [arn('events', 'rule/r')] },
    }),
  );
  await clock(url, { advance_seconds: 5 });
  const described = await events.send(new DescribeReplayCommand({ ReplayName: 'again' }));
  assert.equal(described.State, 'COMPLETED');
  await eventually(() => received.length === 3, 'the replayed event');
  const message = JSON.parse(received[2].body);
  assert.match(message.QueueUrl, /\/q$/);
  const event = JSON.parse(message.MessageBody);
  assert.deepEqual([event.id, event['replay-name']], [id, 'again']);
});

test('presso says why a rule did not match', async (t) => {
  const { events, url } = await world(t);
  const detail = { size: [{ numeric: ['>', 3] }] };
  const EventPattern = JSON.stringify({ source: ['shop'], detail });
  await events.send(new PutRuleCommand({ Name: 'big', EventPattern }));
  const id = await put(events, { size: 2 });
  const response = await fetch(`${url}/_presso/explain`, {
    method: 'POST',
    body: JSON.stringify({ event: id, rule: 'big' }),
  });
  const { bus, rules } = await response.json();
  assert.equal(bus, 'default');
  assert.equal(rules[0].matched, false);
  assert.deepEqual(rules[0].fields[1], {
    field: 'detail.size',
    expected: [{ numeric: ['>', 3] }],
    found: [2],
    matched: false,
  });
  const unknown = await fetch(`${url}/_presso/explain`, { method: 'POST', body: '{"event":"x"}' });
  assert.equal(unknown.status, 400);
});
