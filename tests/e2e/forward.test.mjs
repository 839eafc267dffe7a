// One endpoint for a whole stack: what is for another service goes to its route, and back, in
// pieces. DynamoDB is dynalite; S3 and the peers that misbehave are servers of the test's own.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { test } from 'node:test';

import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';

import { startDynalite } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, givesBack, memoryFactor, serverFor } from './support.mjs';
import { call, peer, signed } from './forward_support.mjs';

const megabyte = 1024 * 1024;

function dynamoAt(url) {
  return new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

// In KiB: the most memory that the process has had.
function peakMemory(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]);
}

test('the stock SDK speaks to DynamoDB through the port of presso', async (t) => {
  const dynalite = await startDynalite();
  t.after(() => dynalite.stop());
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_DYNAMODB: dynalite.url } });
  const dynamo = dynamoAt(presso.url);
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await eventually(async () => {
    try {
      const Item = { id: { S: 'o-1' }, note: { S: 'é'.repeat(150_000) } };
      await dynamo.send(new PutItemCommand({ TableName: 'orders', Item }));
      return true;
    } catch (error) {
      if (error.name !== 'ResourceNotFoundException') throw error;
      return false;
    }
  });
  const Key = { id: { S: 'o-1' } };
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: 'orders', Key }));
  assert.equal(Item.note.S.length, 150_000);
  await assert.rejects(
    dynamo.send(new GetItemCommand({ TableName: 'absent', Key })),
    (error) => error.name === 'ResourceNotFoundException',
  );
  const many = Array.from({ length: 200 }, () => dynamo.send(new ListTablesCommand({})));
  for (const { TableNames } of await Promise.all(many)) assert.deepEqual(TableNames, ['orders']);
  // What presso serves itself is still its own.
  const { states } = clients(presso.url);
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  assert.deepEqual(stateMachines, []);
});

test('100 MiB go up and come down in constant memory', async (t) => {
  const store = await peer(t, async (request, response) => {
    if (request.method === 'PUT') {
      const hash = createHash('sha256');
      let size = 0;
      request.on('data', (chunk) => {
        hash.update(chunk);
        size += chunk.length;
        if (size % (8 * megabyte) >= chunk.length) return;
        // A slow peer: what is not taken must wait where it is.
        request.pause();
        setTimeout(() => request.resume(), 5);
      });
      await once(request, 'end');
      return response.writeHead(200, { ETag: `"${hash.digest('hex')}"`, Size: size }).end();
    }
    response.writeHead(200, { 'Content-Length': 100 * megabyte });
    for (let i = 0; i < 100; ++i) {
      if (!response.write(Buffer.alloc(megabyte, i))) {
        await new Promise((resolve) => response.once('drain', resolve));
      }
    }
    response.end();
  });
  const environment = { AWS_ENDPOINT_URL_S3: store.url, ...givesBack };
  const presso = await serverFor(t, { environment });
  const before = peakMemory(presso.pid);
  const block = randomBytes(megabyte);
  const expected = createHash('sha256');
  for (let i = 0; i < 100; ++i) expected.update(block);
  const hash = expected.digest('hex');
  const blocks = () => Array.from({ length: 100 }, () => block);

  for (const framing of [{ 'Content-Length': 100 * megabyte }, {}]) {
    const headers = { ...signed('s3'), ...framing };
    const up = await call(`${presso.url}/media/film`, { method: 'PUT', headers }, blocks());
    assert.equal(up.status, 200);
    assert.equal(up.headers.etag, `"${hash}"`);
    assert.equal(up.headers.size, String(100 * megabyte));
  }
  const down = await call(`${presso.url}/media/film`, { headers: signed('s3') });
  assert.equal(down.headers['content-length'], String(100 * megabyte));
  const sent = createHash('sha256');
  for (let i = 0; i < 100; ++i) sent.update(Buffer.alloc(megabyte, i));
  assert.equal(down.hash, sent.digest('hex'));
  const grown = peakMemory(presso.pid) - before;
  assert.ok(grown < memoryFactor * 16 * 1024, `presso has grown by ${grown} KiB`);
});

test('what was sent arrives as it was, but for what concerns one connection', async (t) => {
  const s3 = await peer(t, async (request, response) => {
    await once(request, 'end');
    response.writeHead(200, { Connection: 'X-Own', 'X-Own': '1', 'X-Amz-Id-2': 'abc' });
    response.end(JSON.stringify(request.rawHeaders));
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const headers = {
    ...signed('s3'),
    Host: 'photos.s3.localhost:4566',
    Connection: 'keep-alive, X-Mine',
    'X-Mine': '1',
    TE: 'trailers',
    'Content-Encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '3',
  };
  const target = '/a%2Fb/%E2%9C%93%20c?x-id=PutObject&v=a+b';
  const sent = await call(`${presso.url}${target}`, { method: 'PUT', headers }, ['3\r\nabc\r\n']);
  assert.equal(s3.seen[0].url, target);
  assert.equal(s3.seen[0].method, 'PUT');
  const got = s3.seen[0].headers;
  assert.equal(got.host, 'photos.s3.localhost:4566');
  assert.equal(got['content-encoding'], 'aws-chunked');
  assert.equal(got.authorization, headers.Authorization);
  assert.match(got.via, /^1\.1 presso-/);
  for (const name of ['x-mine', 'te']) assert.equal(got[name], undefined, name);
  assert.equal(s3.seen[0].body, '3\r\nabc\r\n');
  assert.equal(sent.headers['x-own'], undefined);
  assert.equal(sent.headers['x-amz-id-2'], 'abc');
});

test('whom a request is for is told by target, signature, host and path', async (t) => {
  const names = ['DYNAMODB', 'S3', 'SQS', 'LAMBDA', 'CLOUDWATCH_LOGS', 'MEDIA'];
  const peers = {};
  for (const name of names) {
    peers[name] = await peer(t, (request, response) => response.end(name));
  }
  const environment = Object.fromEntries(
    names.map((name) => [`AWS_ENDPOINT_URL_${name}`, peers[name].url]),
  );
  const presso = await serverFor(t, { environment });
  await fetch(`${presso.url}/_presso/routes`, {
    method: 'PUT',
    body: JSON.stringify({ 'bucket media*': peers.MEDIA.url, 'table media': peers.MEDIA.url }),
  });
  const asked = async (target, options = {}) => {
    const body = options.body === undefined ? [] : [options.body];
    const { status, text } = await call(`${presso.url}${target}`, options, body);
    assert.equal(status, 200, text);
    return text;
  };
  const post = (headers, body = '{}') => ({ method: 'POST', headers, body });
  const target = (name) => ({ 'X-Amz-Target': name });
  assert.equal(await asked('/', post(target('DynamoDB_20120810.ListTables'))), 'DYNAMODB');
  const streams = { ...target('DynamoDBStreams_20120810.ListStreams'), ...signed('dynamodb') };
  assert.equal(await asked('/', post(streams)), 'DYNAMODB');
  assert.equal(
    await asked('/', post(target('DynamoDB_20120810.GetItem'), '{"TableName":"media"}')),
    'MEDIA',
  );
  assert.equal(await asked('/', post(target('Logs_20140328.PutLogEvents'))), 'CLOUDWATCH_LOGS');
  assert.equal(await asked('/', post(signed('sqs'), 'Action=ListQueues')), 'SQS');
  assert.equal(await asked('/', { headers: signed('s3') }), 'S3');
  assert.equal(await asked('/schedules/key', { headers: signed('s3') }), 'S3');
  assert.equal(await asked('/media-7/key', { headers: signed('s3') }), 'MEDIA');
  const host = { ...signed('s3'), Host: 'media.s3.localhost:4566' };
  assert.equal(await asked('/key', { headers: host }), 'MEDIA');
  assert.equal(await asked('/key', { headers: { ...host, Host: 'media.localhost' } }), 'MEDIA');
  const scope = encodeURIComponent('AKID/20260101/us-east-1/s3/aws4_request');
  assert.equal(await asked(`/b/key?X-Amz-Credential=${scope}&X-Amz-Signature=0`), 'S3');
  assert.equal(await asked('/b/key?AWSAccessKeyId=A&Signature=b&Expires=1'), 'S3');
  assert.equal(await asked('/public/logo.svg'), 'S3');
  assert.equal(await asked('/000000000000/jobs', post({}, 'Action=SendMessage')), 'SQS');
  const invoke = '/2015-03-31/functions/hello/invocations';
  assert.equal(await asked(invoke, post(signed('lambda'))), 'LAMBDA');
});

test('connections are kept on both sides, and what has no body has none', async (t) => {
  const s3 = await peer(t, (request, response) => {
    const status = Number(request.url.match(/status=(\d+)/)?.[1] ?? 200);
    if (status === 304) response.setHeader('Content-Length', 1234);
    if (request.method === 'HEAD') {
      return response.writeHead(status, { 'Content-Length': 5_000_000_000, ETag: '"e"' }).end();
    }
    response.writeHead(status, { ETag: '"e"' });
    response.end(status === 200 ? 'x'.repeat(10) : undefined);
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ask = (method, target) =>
    call(`${presso.url}${target}`, { method, headers: signed('s3'), agent });
  for (let i = 0; i < 20; ++i) {
    const head = await ask('HEAD', '/b/k');
    assert.equal(head.headers['content-length'], '5000000000');
    assert.equal((await ask('GET', '/b/k')).size, 10);
    const gone = await ask('DELETE', '/b/k?status=204');
    assert.deepEqual([gone.status, gone.size], [204, 0]);
    assert.equal(gone.headers['content-length'], undefined);
    const same = await ask('GET', '/b/k?status=304');
    assert.deepEqual([same.status, same.headers['content-length']], [304, '1234']);
    assert.equal((await ask('GET', '/b/k?status=429')).status, 429);
    assert.equal((await ask('GET', '/b/k?status=503')).status, 503);
  }
  assert.equal(s3.connections(), 1);
});
