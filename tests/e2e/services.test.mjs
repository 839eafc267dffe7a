// Tasks that call other services: by their models in each wire protocol, by HTTP with a
// connection. The services are one HTTP server that keeps what it is sent; DynamoDB is dynalite.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { CreateConnectionCommand } from '@aws-sdk/client-eventbridge';
import { GetExecutionHistoryCommand, TestStateCommand } from '@aws-sdk/client-sfn';

import { startDynamoDb } from '../recordings/fake_dynamodb.mjs';
import { clients, role, runTask, serverFor } from './support.mjs';

async function peer(t, answer) {
  const received = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      const { status = 200, type = 'application/json', body = '{}' } = answer(one);
      response.writeHead(status, { 'content-type': type, 'x-amzn-RequestId': 'r1' }).end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, received };
}

const run = (states, resource, parameters) =>
  runTask(states, `arn:aws:states:::${resource}`, parameters);

test('a service is called in the protocol of its model', async (t) => {
  const { url, received } = await peer(t, ({ body, url: path }) => {
    if (body.startsWith('Action=DescribeInstances')) {
      const item = '<item><ownerId>o</ownerId></item>';
      const set = `<reservationSet>${item}</reservationSet>`;
      const xml = `<DescribeInstancesResponse>${set}</DescribeInstancesResponse>`;
      return { type: 'text/xml', body: xml };
    }
    if (path.startsWith('/schedules/')) return { body: '{"ScheduleArn":"a"}' };
    return { status: 400, body: '{"__type":"x#InvalidParameterException","message":"no"}' };
  });
  const { url: presso } = await serverFor(t, { environment: { AWS_ENDPOINT_URL: url } });
  const { states } = clients(presso);
  const ec2 = await run(states, 'aws-sdk:ec2:describeInstances', { InstanceIds: ['i'] });
  assert.deepEqual(JSON.parse(ec2.output), { Reservations: [{ OwnerId: 'o' }] });
  const schedule = await run(states, 'aws-sdk:scheduler:createSchedule', {
    Name: 'n',
    ScheduleExpression: 'rate(1 day)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'a', RoleArn: 'r' },
  });
  assert.deepEqual(JSON.parse(schedule.output), { ScheduleArn: 'a' });
  assert.match(JSON.parse(received[1].body).ClientToken, /^[0-9a-f-]{36}$/);
  assert.match(received[1].headers.authorization, /\/us-east-1\/scheduler\/aws4_request/);
  const glue = await run(states, 'aws-sdk:glue:startCrawler', { Name: 'c' });
  assert.equal(received[2].headers['x-amz-target'], 'AWSGlue.StartCrawler');
  assert.equal(glue.error, 'Glue.GlueException');
  const task = await run(states, 'ecs:runTask', { TaskDefinition: 't', LaunchType: 'FARGATE' });
  const { clientToken: _, ...sent } = JSON.parse(received[3].body);
  assert.deepEqual(sent, { taskDefinition: 't', launchType: 'FARGATE' });
  assert.equal(task.error, 'ECS.InvalidParameterException');
  assert.equal(
    task.cause,
    'no (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; ' +
      'Request ID: r1; Proxy: null)',
  );
});

test('an item goes into a table and comes back', async (t) => {
  const dynamodb = await startDynamoDb();
  t.after(() => dynamodb.stop());
  const TableName = 'table';
  const params = {
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const made = [{ service: 'dynamodb', call: 'CreateTable', params }];
  await dynamodb.begin({ other_services: made });
  const { url } = await serverFor(t, { environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url } });
  const { states } = clients(url);
  const Item = { id: { S: '1' }, ok: { Bool: true }, none: { Nul: true }, raw: { B: 'bytes' } };
  const put = await run(states, 'aws-sdk:dynamodb:putItem', { TableName, Item });
  assert.equal(put.status, 'SUCCEEDED', put.cause);
  const Key = { id: { S: '1' } };
  const got = await run(states, 'aws-sdk:dynamodb:getItem', { TableName, Key });
  assert.deepEqual(JSON.parse(got.output), { Item });
  const optimised = await run(states, 'dynamodb:getItem', { TableName, Key });
  assert.deepEqual(JSON.parse(optimised.output).Item.ok, { BOOL: true });
  const missing = await run(states, 'aws-sdk:dynamodb:getItem', { TableName: 'none', Key });
  assert.equal(missing.error, 'DynamoDb.ResourceNotFoundException');
});

test('an unknown action is refused when the machine is made', async (t) => {
  const { url } = await serverFor(t);
  const { states } = clients(url);
  await assert.rejects(run(states, 'aws-sdk:dynamodb:getIten', {}), /is not recognized/);
  await assert.rejects(run(states, 'aws-sdk:dynamo:getItem', {}), /is not recognized/);
});

test('an HTTP task carries what its connection says', async (t) => {
  const { url, received } = await peer(t, ({ url: path }) => {
    if (path === '/token') return { body: '{"access_token":"secret","expires_in":60}' };
    return path.startsWith('/missing') ? { status: 404, body: 'none' } : { body: '{"a":1}' };
  });
  const { url: presso } = await serverFor(t);
  const { states, events } = clients(presso);
  const connection = async (Name, AuthorizationType, AuthParameters) => {
    const command = new CreateConnectionCommand({ Name, AuthorizationType, AuthParameters });
    const { ConnectionArn } = await events.send(command);
    return { ConnectionArn };
  };
  const basic = await connection('basic', 'BASIC', {
    BasicAuthParameters: { Username: 'u', Password: 'unheard-of' },
    InvocationHttpParameters: { QueryStringParameters: [{ Key: 'k', Value: 'v' }] },
  });
  const call = { ApiEndpoint: `${url}/things`, Method: 'POST', RequestBody: { b: [1] } };
  const done = await run(states, 'http:invoke', { ...call, Authentication: basic });
  const shown = JSON.parse(done.output);
  assert.deepEqual(shown.ResponseBody, { a: 1 });
  assert.equal(shown.StatusCode, 200);
  assert.deepEqual(shown.Headers['content-type'], ['application/json']);
  assert.equal(received[0].url, '/things?k=v');
  assert.equal(received[0].body, '{"b":[1]}');
  const { executionArn } = done;
  const history = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  assert.doesNotMatch(JSON.stringify([done, history]), /unheard-of/);
  assert.equal(received[0].headers.authorization, `Basic ${btoa('u:unheard-of')}`);

  const oauth = await connection('oauth', 'OAUTH_CLIENT_CREDENTIALS', {
    OAuthParameters: {
      AuthorizationEndpoint: `${url}/token`,
      HttpMethod: 'POST',
      ClientParameters: { ClientID: 'i', ClientSecret: 's' },
    },
  });
  const missing = { ApiEndpoint: `${url}/missing`, Method: 'GET', Authentication: oauth };
  const failed = await run(states, 'http:invoke', missing);
  assert.equal(failed.error, 'States.Http.StatusCode.404');
  assert.equal(failed.cause, 'none');
  assert.equal(received.at(-1).headers.authorization, 'Bearer secret');
  const unknown = { ConnectionArn: `${basic.ConnectionArn}0` };
  const refused = await run(states, 'http:invoke', { ...call, Authentication: unknown });
  assert.equal(refused.error, 'Events.ConnectionResource.InvalidConnectionState');
});

test('TestState makes the call of an HTTP task, and shows it at the level TRACE', async (t) => {
  const { url } = await peer(t, ({ url: path }) =>
    path === '/token' ? { body: '{"access_token":"hush","expires_in":60}' } : { body: '{"a": 1}' },
  );
  const { url: presso } = await serverFor(t);
  const { states, events } = clients(presso);
  const InvocationHttpParameters = {
    QueryStringParameters: [{ Key: 'k', Value: 'v' }],
    BodyParameters: [{ Key: 'more', Value: 'w' }],
  };
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: 'oauth',
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: {
        OAuthParameters: {
          AuthorizationEndpoint: `${url}/token`,
          HttpMethod: 'POST',
          ClientParameters: { ClientID: 'i', ClientSecret: 's' },
        },
        InvocationHttpParameters,
      },
    }),
  );
  const definition = JSON.stringify({
    Type: 'Task',
    Resource: 'arn:aws:states:::http:invoke',
    Parameters: {
      ApiEndpoint: `${url}/things`,
      Method: 'POST',
      Headers: { 'x-mine': 'h' },
      RequestBody: { b: 1 },
      Authentication: { ConnectionArn },
    },
    End: true,
  });
  const test = async (options) =>
    states.send(new TestStateCommand({ definition, roleArn: role, ...options }));
  const hidden = (await test({ inspectionLevel: 'TRACE' })).inspectionData;
  const type = 'content-type: application/json';
  const own = 'user-agent: Amazon|StepFunctions|HttpInvoke|us-east-1, range: bytes=0-262144';
  assert.deepEqual(hidden.request, {
    protocol: 'http',
    method: 'POST',
    url: `${url}/things`,
    headers: `[x-mine: h, ${type}, ${own}]`,
    body: '{"b":1}',
  });
  const { headers, ...response } = hidden.response;
  assert.deepEqual(response, {
    protocol: 'http',
    statusCode: '200',
    statusMessage: 'OK',
    body: '{"a": 1}',
  });
  assert.match(headers, /^\[.*content-type: application\/json.*\]$/i);
  const whole = await test({ inspectionLevel: 'TRACE', revealSecrets: true });
  assert.equal(whole.status, 'SUCCEEDED');
  assert.deepEqual(whole.inspectionData.request, {
    protocol: 'http',
    method: 'POST',
    url: `${url}/things?k=v`,
    headers: `[x-mine: h, ${type}, authorization: Bearer hush, ${own}]`,
    body: '{"b":1,"more":"w"}',
  });
  const debug = (await test({ inspectionLevel: 'DEBUG' })).inspectionData;
  assert.equal(debug.request, undefined);
  assert.equal(JSON.parse(debug.result).StatusCode, 200);
});

test('an API of API Gateway is called by its route, or on this machine', async (t) => {
  const { url, received } = await peer(t, ({ url: path }) =>
    path.startsWith('/prod/no') ? { status: 403, body: '{"message":"no"}' } : { body: '{"n":1}' },
  );
  const environment = { AWS_ENDPOINT_URL_API_GATEWAY: url };
  const { url: presso } = await serverFor(t, { environment });
  const { states } = clients(presso);
  const ApiEndpoint = 'abc123.execute-api.us-east-1.amazonaws.com';
  const done = await run(states, 'apigateway:invoke', {
    ApiEndpoint,
    Method: 'POST',
    Stage: 'prod',
    Path: 'orders/7',
    QueryParameters: { a: ['1', '2'] },
    Headers: { 'X-Order': ['7'] },
    RequestBody: { drink: 'tea', milk: null },
    AuthType: 'IAM_ROLE',
  });
  const { Headers, ...output } = JSON.parse(done.output);
  assert.deepEqual(output, { ResponseBody: { n: 1 }, StatusCode: 200, StatusText: 'OK' });
  assert.deepEqual(Headers['content-type'], ['application/json']);
  const [{ method, url: path, headers, body }] = received;
  assert.deepEqual([method, path, body], ['POST', '/prod/orders/7?a=1&a=2', '{"drink":"tea"}']);
  assert.equal(headers.host, ApiEndpoint);
  assert.equal(headers['x-order'], '7');
  assert.match(headers.authorization, /\/execute-api\/aws4_request/);

  const refused = await run(states, 'apigateway:invoke', {
    ApiEndpoint,
    Method: 'GET',
    Stage: 'prod',
    Path: 'no',
  });
  assert.deepEqual([refused.error, refused.cause], ['ApiGateway.403', '{"message":"no"}']);

  const { url: bare } = await serverFor(t);
  const direct = await run(clients(bare).states, 'apigateway:invoke', {
    ApiEndpoint: url.replace('http://', ''),
    Method: 'GET',
    Path: '/here',
  });
  assert.equal(JSON.parse(direct.output).StatusCode, 200);
  assert.equal(received.at(-1).url, '/here');
  const nowhere = await run(clients(bare).states, 'apigateway:invoke', {
    ApiEndpoint,
    Method: 'GET',
  });
  assert.match(nowhere.cause, /AWS_ENDPOINT_URL_API_GATEWAY/);
});
