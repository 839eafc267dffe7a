// Calls outwards: with whose keys they are signed, and whom presso believes over TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { call, signed } from './forward_support.mjs';
import {
  certificate,
  clients,
  eventually,
  receiver,
  role,
  serverFor,
  temporaryFolder,
} from './support.mjs';

const listing = 'arn:aws:states:::aws-sdk:dynamodb:listTables';
const tables = { status: 200, headers: {}, body: '{"TableNames":["orders"]}' };

// The end of an execution that lists tables.
async function listTables(presso) {
  const { states } = clients(presso.url);
  const definition = JSON.stringify({
    StartAt: 'List',
    States: {
      List: { Type: 'Task', Resource: listing, Parameters: {}, End: true },
    },
  });
  const name = `list-${Math.random().toString(36).slice(2)}`;
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name, definition, roleArn: role }),
  );
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return eventually(async () => {
    const described = await states.send(new DescribeExecutionCommand({ executionArn }));
    return described.status === 'RUNNING' ? undefined : described;
  }, 'the end');
}

// Whose keys the requests were signed with that a local DynamoDB got.
async function signatures(t) {
  const keys = [];
  const { url } = await receiver(t, (body, count, request) => {
    keys.push(/Credential=([^/]+)/.exec(request.headers.authorization)[1]);
    return tables;
  });
  return { url, keys };
}

function refusalAtStart(environment) {
  try {
    execFileSync(pressoBinary, ['serve', '--port', '0'], {
      env: { ...process.env, ...environment },
      stdio: 'pipe',
      timeout: 20_000,
    });
  } catch (error) {
    return error.stderr.toString();
  }
  return '';
}

async function secureServer(t, { key, cert }) {
  const seen = [];
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createServer(options, (request, response) => {
    let size = 0;
    request.on('data', (chunk) => (size += chunk.length));
    request.on('end', () => {
      seen.push({ host: request.headers.host, size });
      response.end(tables.body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const closeAll = () => server.closeAllConnections();
  let connections = 0;
  server.on('secureConnection', () => ++connections);
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: server.address().port, seen, connections: () => connections, closeAll };
}

test('a certificate of AWS_CA_BUNDLE is believed, of its own host alone', async (t) => {
  const files = certificate(temporaryFolder(t));
  const { port, seen } = await secureServer(t, files);
  const environment = {
    AWS_CA_BUNDLE: files.cert,
    AWS_ENDPOINT_URL_DYNAMODB: `https://localhost:${port}`,
    AWS_ENDPOINT_URL_S3: `https://localhost:${port}`,
    AWS_ENDPOINT_URL_SQS: `https://127.0.0.1:${port}`,
  };
  const presso = await serverFor(t, { environment });
  const { status, output } = await listTables(presso);
  assert.deepEqual([status, output], ['SUCCEEDED', '{"TableNames":["orders"]}']);
  const block = Buffer.alloc(1024 * 1024);
  const headers = { ...signed('s3'), Host: 'b.s3.localhost' };
  const blocks = Array.from({ length: 20 }, () => block);
  for (let i = 0; i < 3; ++i) {
    const up = await call(`${presso.url}/k`, { method: 'PUT', headers }, blocks);
    assert.equal(up.status, 200);
    assert.deepEqual(seen.at(-1), { host: 'b.s3.localhost', size: 20 * block.length });
    assert.equal((await call(`${presso.url}/k`, { headers })).text, tables.body);
  }
  const other = await call(`${presso.url}/`, { headers: signed('sqs') });
  assert.equal(other.status, 502);
  assert.match(other.text, /certificate verify failed/);
});

test('connections of tasks over TLS are kept, and replaced when they are gone', async (t) => {
  const files = certificate(temporaryFolder(t));
  const { port, connections, closeAll } = await secureServer(t, files);
  const environment = {
    AWS_CA_BUNDLE: files.cert,
    AWS_ENDPOINT_URL_DYNAMODB: `https://localhost:${port}`,
    AWS_MAX_ATTEMPTS: '1',
  };
  const presso = await serverFor(t, { environment });
  for (let i = 0; i < 3; ++i) assert.equal((await listTables(presso)).status, 'SUCCEEDED');
  assert.equal(connections(), 1);
  closeAll();
  assert.equal((await listTables(presso)).status, 'SUCCEEDED');
  assert.equal(connections(), 2);
});

test('a certificate that nobody knows is refused, as the SDK would refuse it', async (t) => {
  const { port, seen } = await secureServer(t, certificate(temporaryFolder(t)));
  const url = `https://localhost:${port}`;
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL: url } });
  const sdk = await listTables(presso);
  assert.deepEqual([sdk.status, sdk.error], ['FAILED', 'DynamoDb.SdkClientException']);
  assert.match(sdk.cause, /^Unable to execute HTTP request: localhost.*certificate verify failed/);
  const passed = await call(`${presso.url}/b/k`, { headers: signed('s3') });
  assert.equal(passed.status, 502);
  assert.match(passed.text, /certificate verify failed/);
  assert.equal(seen.length, 0);
});

test('what is no file of certificates is refused at the start', (t) => {
  const file = join(temporaryFolder(t), 'bundle.pem');
  writeFileSync(file, 'not a certificate\n');
  for (const AWS_CA_BUNDLE of [file, `${file}.absent`]) {
    assert.match(refusalAtStart({ AWS_CA_BUNDLE }), /AWS_CA_BUNDLE: .* is no file of cert/);
  }
});

test('calls are signed with the keys of a profile', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, '.aws'));
  const credentials = join(folder, '.aws', 'credentials');
  const profile = (key) =>
    `[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n\n` +
    `[work]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`;
  writeFileSync(credentials, profile('AKIAWORK'));
  const { url, keys } = await signatures(t);
  const environment = { HOME: folder, AWS_ENDPOINT_URL_DYNAMODB: url };
  const local = await serverFor(t, { environment });
  assert.equal((await listTables(local)).status, 'SUCCEEDED');
  const work = await serverFor(t, { environment: { ...environment, AWS_PROFILE: 'work' } });
  assert.equal((await listTables(work)).status, 'SUCCEEDED');
  writeFileSync(credentials, profile('AKIANEW'));
  assert.equal((await listTables(work)).status, 'SUCCEEDED');
  assert.deepEqual(keys, ['000000000000', 'AKIAWORK', 'AKIANEW']);
  const refusal = refusalAtStart({ HOME: folder, AWS_PROFILE: 'wrok' });
  assert.match(refusal, /there is no profile 'wrok' in .*\/\.aws\/credentials or/);
});

test("a container's keys are renewed before they expire", async (t) => {
  const token = join(temporaryFolder(t), 'token');
  writeFileSync(token, 'the-token');
  const asked = [];
  const container = await receiver(t, (body, count, request) => {
    asked.push(request.headers.authorization);
    if (count === 0) return 500;
    const lifetime = count === 1 ? 60_000 : 3_600_000;
    const keys = {
      AccessKeyId: `ASIA${count}`,
      SecretAccessKey: 's',
      Token: 't',
      Expiration: new Date(Date.now() + lifetime).toISOString(),
    };
    return { status: 200, headers: {}, body: JSON.stringify(keys) };
  });
  const { url, keys } = await signatures(t);
  const environment = {
    HOME: temporaryFolder(t),
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/keys`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
  };
  const presso = await serverFor(t, { environment });
  assert.equal((await listTables(presso)).status, 'SUCCEEDED');
  writeFileSync(token, 'another');
  for (let i = 0; i < 3; ++i) assert.equal((await listTables(presso)).status, 'SUCCEEDED');
  assert.deepEqual(keys, ['ASIA1', 'ASIA2', 'ASIA2', 'ASIA2']);
  assert.deepEqual(asked, ['the-token', 'the-token', 'another']);
  const refusal = refusalAtStart({
    HOME: temporaryFolder(t),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://keys.example/',
  });
  assert.match(refusal, /http:\/\/keys.example\/ is neither https: nor on this machine/);
});
