// Peers that hang, reset, break off and lead in circles, and clients that go away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';

import { freePort, pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { call, peer, signed } from './forward_support.mjs';
import { eventually, serverFor, temporaryFolder } from './support.mjs';

// A peer below HTTP: `talk(socket)` for each connection.
async function rawPeer(t, talk) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    talk(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, sockets };
}

const get = { headers: signed('s3') };
const json = {
  method: 'POST',
  headers: { 'X-Amz-Target': 'DynamoDB_20120810.ListTables', ...signed('dynamodb') },
};

test('a peer that does not answer is an error in the form of the service', async (t) => {
  const refused = `http://127.0.0.1:${await freePort()}`;
  const resets = await rawPeer(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
  const closes = await rawPeer(t, (socket) => socket.once('data', () => socket.end()));
  const babbles = await rawPeer(t, (socket) => socket.end('220 smtp.example ESMTP\r\n\r\n'));
  const presso = await serverFor(t, {
    environment: {
      AWS_ENDPOINT_URL_S3: refused,
      AWS_ENDPOINT_URL_SQS: resets.url,
      AWS_ENDPOINT_URL_DYNAMODB: closes.url,
      AWS_ENDPOINT_URL_SSM: babbles.url,
      AWS_ENDPOINT_URL_EC2: refused,
      AWS_ENDPOINT_URL_CLOUDWATCH: refused,
    },
  });
  const s3 = await call(`${presso.url}/b/k`, get);
  assert.equal(s3.status, 502);
  assert.match(s3.headers['content-type'], /xml/);
  assert.match(s3.text, /<Error><Code>BadGateway<\/Code><Message>No answer from http/);
  assert.match(s3.text, /AWS_ENDPOINT_URL_S3: s3\): Connection refused\./);
  const form = (service) => ({
    method: 'POST',
    headers: { ...signed(service), 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  const sqs = await call(`${presso.url}/`, form('sqs'), ['Action=ListQueues']);
  assert.equal(sqs.status, 502);
  assert.match(sqs.text, /<ErrorResponse><Error><Type>Receiver<\/Type><Code>BadGateway</);
  const ec2 = await call(`${presso.url}/`, form('ec2'), ['Action=DescribeInstances']);
  assert.match(ec2.text, /<Response><Errors><Error><Code>BadGateway</);
  const dynamo = await call(`${presso.url}/`, json, ['{}']);
  assert.equal(dynamo.status, 502);
  assert.equal(dynamo.headers['x-amzn-errortype'], 'BadGatewayException');
  assert.match(JSON.parse(dynamo.text).message, /it has closed the connection/);
  const target = { 'X-Amz-Target': 'AmazonSSM.GetParameter' };
  const ssm = await call(`${presso.url}/`, { method: 'POST', headers: target }, ['{}']);
  assert.match(JSON.parse(ssm.text).message, /its answer is no HTTP\/1.1/);
  const cbor = await call(
    `${presso.url}/service/GraniteServiceVersion20100801/operation/PutMetricData`,
    { method: 'POST', headers: { ...signed('monitoring'), 'smithy-protocol': 'rpc-v2-cbor' } },
    [''],
  );
  assert.equal(cbor.headers['content-type'], 'application/cbor');
  assert.match(cbor.text, /__typesBadGatewayException/);
  const client = new DynamoDBClient({
    endpoint: presso.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  await assert.rejects(
    client.send(new ListTablesCommand({})),
    (error) => error.name === 'BadGatewayException' && error.$metadata.httpStatusCode === 502,
  );
});

test('a kept connection that the peer closes meanwhile is replaced, once', async (t) => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  let connections = 0;
  const tired = await rawPeer(t, (socket) => {
    ++connections;
    socket.once('data', () => {
      socket.write(answer);
      socket.once('data', () => socket.destroy());
    });
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: tired.url } });
  for (let i = 1; i <= 5; ++i) {
    const method = i % 2 ? 'GET' : 'PUT';
    const { text } = await call(`${presso.url}/b/k`, { ...get, method }, i % 2 ? [] : ['x']);
    assert.equal(text, 'ok');
    await eventually(() => connections >= i, 'another connection');
  }
});

test('an empty body in chunks has an end', async (t) => {
  const s3 = await peer(t, async (request, response) => {
    request.resume();
    await once(request, 'end');
    response.end('ok');
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  for (const chunks of ['0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n']) {
    const socket = connect(presso.port, '127.0.0.1');
    let got = '';
    socket.on('data', (bytes) => (got += bytes));
    socket.write(
      'PUT /b/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n' +
        `Authorization: ${get.headers.Authorization}\r\n\r\n${chunks}`,
    );
    await eventually(() => got.endsWith('ok'), 'the answer');
    socket.destroy();
  }
  assert.deepEqual(
    s3.seen.map(({ body }) => body),
    ['', 'hello'],
  );
});

test('a client of HTTP/1.0 gets its answer until the end', async (t) => {
  const s3 = await peer(t, (request, response) => {
    response.write('in ');
    response.end('chunks');
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const socket = connect(presso.port, '127.0.0.1');
  let got = '';
  socket.on('data', (bytes) => (got += bytes));
  socket.write(`GET /b/k HTTP/1.0\r\nAuthorization: ${get.headers.Authorization}\r\n\r\n`);
  await once(socket, 'end');
  assert.match(got, /^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n\r\nin chunks$/);
  assert.doesNotMatch(got, /chunked/i);
  assert.match(s3.seen[0].headers.host, /^127\.0\.0\.1:\d+$/);
});

test('half an answer is no whole one', async (t) => {
  const heads = {
    length: 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n' + 'x'.repeat(50_000),
    chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  };
  for (const [name, bytes] of Object.entries(heads)) {
    const half = await rawPeer(t, (socket) => socket.once('data', () => socket.end(bytes)));
    const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: half.url } });
    const { status, isWhole } = await call(`${presso.url}/b/k`, get);
    assert.deepEqual({ name, status, isWhole }, { name, status: 200, isWhole: false });
  }
  const silent = 'HTTP/1.1 200 OK\r\n\r\nuntil the end';
  const ends = await rawPeer(t, (socket) => socket.once('data', () => socket.end(silent)));
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: ends.url } });
  const { text, isWhole } = await call(`${presso.url}/b/k`, get);
  assert.deepEqual({ text, isWhole }, { text: 'until the end', isWhole: true });
});

test('a client that goes away ends the call, before the answer and within it', async (t) => {
  const s3 = await peer(t, (request, response) => {
    if (request.url === '/b/endless') {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    }
  });
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const head = (method, path, more = '') =>
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n` +
    `Authorization: ${get.headers.Authorization}\r\n${more}\r\n`;
  const requests = [
    head('GET', '/b/hangs'),
    head('PUT', '/b/hangs', 'Content-Length: 1000000\r\n') + 'x'.repeat(1000),
    head('GET', '/b/endless'),
  ];
  for (const [index, bytes] of requests.entries()) {
    const socket = connect(presso.port, '127.0.0.1');
    socket.write(bytes);
    await eventually(() => s3.seen.length > index, 'the request');
    if (bytes.includes('endless')) await once(socket, 'data');
    assert.equal(s3.seen[index].isOver, undefined);
    socket.destroy();
    await eventually(() => s3.seen[index].isOver, 'the end of the call');
  }
});

test('an answer that comes before the body has been sent is told', async (t) => {
  const full = await rawPeer(t, (socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nfull'),
    ),
  );
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: full.url } });
  const block = Buffer.alloc(1024 * 1024);
  const headers = { ...signed('s3'), 'Content-Length': 20 * block.length };
  const blocks = Array.from({ length: 20 }, () => block);
  const { status, text } = await call(`${presso.url}/b/k`, { method: 'PUT', headers }, blocks);
  assert.deepEqual({ status, text }, { status: 403, text: 'full' });
});

test('100 Continue is the peer\'s to say, and is said for one that never does', async (t) => {
  const answers = {
    says: 'HTTP/1.1 100 Continue\r\n\r\n',
    refuses: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
    silent: '',
  };
  for (const [name, first] of Object.entries(answers)) {
    let received = '';
    const s3 = await rawPeer(t, (socket) => {
      socket.once('data', () => socket.write(first));
      socket.on('data', (bytes) => {
        received += bytes;
        if (received.endsWith('hello')) {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        }
      });
    });
    const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
    const socket = connect(presso.port, '127.0.0.1');
    let got = '';
    socket.on('data', (bytes) => (got += bytes));
    socket.write(
      'PUT /b/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n' +
        `Authorization: ${get.headers.Authorization}\r\nContent-Length: 5\r\n\r\n`,
    );
    await eventually(() => got.includes('\r\n\r\n'), 'an answer');
    if (name === 'refuses') {
      assert.match(got, /^HTTP\/1.1 403 /);
    } else {
      assert.equal(got, 'HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('hello');
      await eventually(() => got.endsWith('ok'), 'the answer');
      assert.match(received, /Expect: 100-continue/);
    }
    socket.destroy();
  }
});

test('a route that leads back to presso is refused, or answered with 508', async (t) => {
  const [first, second] = [await serverFor(t), await serverFor(t)];
  const put = (server, routes) =>
    fetch(`${server.url}/_presso/routes`, { method: 'PUT', body: JSON.stringify(routes) });
  assert.equal((await put(first, { s3: second.url, sqs: second.url })).status, 200);
  assert.equal((await put(second, { s3: first.url })).status, 200);
  const loop = await call(`${first.url}/b/k`, get);
  assert.equal(loop.status, 508);
  assert.match(loop.text, /<Code>LoopDetected<\/Code>/);
  const own = await put(first, { s3: first.url });
  assert.equal(own.status, 400);
  assert.match((await own.json()).message, /route s3: it leads to presso itself/);
  // The second one has no route: what it says comes through.
  const headers = { ...signed('sqs'), 'X-Amz-Target': 'AmazonSQS.ListQueues' };
  const none = await call(`${first.url}/`, { method: 'POST', headers }, ['{}']);
  assert.equal(none.status, 400);
  assert.match(JSON.parse(none.text).message, /No endpoint is configured for sqs/);
});

test('without a route the answer names what to set', async (t) => {
  const presso = await serverFor(t);
  const bare = await call(`${presso.url}/b/k`, { headers: {} });
  assert.equal(bare.status, 404);
  const s3 = await call(`${presso.url}/b/k`, get);
  assert.equal(s3.status, 404);
  assert.match(s3.text, /set AWS_ENDPOINT_URL_S3 \(or AWS_ENDPOINT_URL\)/);
  assert.match(s3.text, /`routes: \{s3: URL\}`/);
  const dynamo = await call(`${presso.url}/`, json, ['{}']);
  assert.equal(dynamo.headers['x-amzn-errortype'], 'UnknownOperationException');
  assert.match(JSON.parse(dynamo.text).message, /AWS_ENDPOINT_URL_DYNAMODB/);
});

test('neither a page of elsewhere nor a name of the public DNS is passed on', async (t) => {
  const s3 = await peer(t, (request, response) => response.end('secret'));
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const ask = (headers) => call(`${presso.url}/b/k`, { headers: { ...signed('s3'), ...headers } });
  assert.equal((await ask({ Origin: 'https://evil.example' })).status, 403);
  assert.equal((await ask({ Host: 'rebound.evil.example:4566' })).status, 403);
  assert.equal(s3.seen.length, 0);
  const mine = await ask({ Origin: 'http://localhost:3000' });
  assert.equal(mine.headers['access-control-allow-origin'], 'http://localhost:3000');
  assert.equal(mine.headers['access-control-expose-headers'], '*');
  for (const Host of ['presso:4566', '172.17.0.2:4566', 'b.s3.localhost:4566', '[::1]:4566']) {
    assert.equal((await ask({ Host })).status, 200, Host);
  }
});

test('a file that leads back to presso is refused, a shared variable left out', async (t) => {
  const port = await freePort();
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, `routes:\n  s3: http://localhost:${port}\n`);
  const arguments_ = ['serve', '--port', String(port), '--config', file];
  assert.throws(
    () => execFileSync(pressoBinary, arguments_, { stdio: 'pipe' }),
    (error) => error.stderr.toString().includes(`${file}:2: route s3 leads to presso itself`),
  );
  const environment = { AWS_ENDPOINT_URL: `http://localhost:${port}` };
  const presso = await serverFor(t, { port, environment });
  const { text } = await call(`${presso.url}/b/k`, get);
  assert.match(text, /No endpoint is configured for s3/);
});

test('a peer that hangs is given up after the time of its route', async (t) => {
  const hangs = await rawPeer(t, (socket) => socket.resume());
  const full = await rawPeer(t, () => {});  // nobody reads
  const stops = await rawPeer(t, (socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
  );
  const file = join(temporaryFolder(t), 'presso.yaml');
  const route = (to) => `{to: ${to.url}, timeout: 0.3}`;
  const buckets = `  bucket stops: ${route(stops)}\n  bucket full: ${route(full)}\n`;
  writeFileSync(file, `routes:\n  s3: ${route(hangs)}\n${buckets}`);
  const presso = await serverFor(t, { options: ['--config', file] });
  const late = await call(`${presso.url}/b/k`, get);
  assert.equal(late.status, 504);
  assert.match(late.text, /<Code>GatewayTimeout<.*did not answer within 300 ms/);
  const headers = { ...signed('s3'), 'Content-Length': 100_000_000 };
  const block = Buffer.alloc(1024 * 1024);
  const stuck = await call(
    `${presso.url}/full/k`,
    { method: 'PUT', headers },
    Array.from({ length: 95 }, () => block),
  );
  assert.equal(stuck.status, 504);
  const half = await call(`${presso.url}/stops/k`, get);
  assert.deepEqual([half.text, half.isWhole], ['half', false]);
  await eventually(() => hangs.sockets.size === 0, 'the end of the calls');
});

test('a client may be slower than the time of its route', async (t) => {
  const s3 = await peer(t, async (request, response) => {
    request.resume();
    await once(request, 'end');
    response.end('ok');
  });
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, `routes:\n  s3: {to: ${s3.url}, timeout: 2}\n`);
  const presso = await serverFor(t, { options: ['--config', file] });
  const pieces = async function* slowly() {
    for (let i = 0; i < 4; ++i) {
      yield 'x'.repeat(50_000);
      await new Promise((resolve) => setTimeout(resolve, 750));
    }
  };
  const put = { method: 'PUT', headers: signed('s3') };
  const { status, text } = await call(`${presso.url}/b/k`, put, pieces());
  assert.deepEqual([status, text], [200, 'ok']);
});

test('no more calls than allowed are under way on a route, and the rest waits', async (t) => {
  const held = [];
  const s3 = await peer(t, (request, response) => held.push(response));
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, `routes:\n  s3: {to: ${s3.url}, max_in_flight: 2}\n`);
  const presso = await serverFor(t, { options: ['--config', file] });
  const counts = async () => {
    const { routes } = await (await fetch(`${presso.url}/_presso/routes`)).json();
    const { max_in_flight, in_flight, waiting } = routes[0];
    return [max_in_flight, in_flight, waiting];
  };
  const settled = (expected) =>
    eventually(async () => JSON.stringify(await counts()) === JSON.stringify(expected), expected);
  const asked = Array.from({ length: 5 }, (_, i) => call(`${presso.url}/b/${i}`, get));
  await settled([2, 2, 3]);
  await eventually(() => held.length === 2, 'both calls');
  const gone = connect(presso.port, '127.0.0.1');
  const { Authorization } = get.headers;
  gone.write(`GET /b/gone HTTP/1.1\r\nAuthorization: ${Authorization}\r\n\r\n`);
  await settled([2, 2, 4]);
  gone.destroy();
  await settled([2, 2, 3]);
  for (let i = 0; i < 5; ++i) {
    await eventually(() => held.length > i, 'the next call');
    assert.ok(held.length <= i + 2);
    held[i].end('done');
  }
  for (const { text } of await Promise.all(asked)) assert.equal(text, 'done');
  await settled([2, 0, 0]);
  assert.ok(s3.seen.every(({ url }) => url !== '/b/gone'));
});
