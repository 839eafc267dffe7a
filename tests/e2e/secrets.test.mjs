// Secrets of connections are on no disk, in no answer, no history, no log and no stream.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  DescribeConnectionCommand,
  ListConnectionsCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';

import { pressoBinary, startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, role, runTask, temporaryFolder } from './support.mjs';

const secrets = ['first-of-the-secrets', 'second-of-the-secrets', 'parameter-of-secrets'];

// What is listened to: each request's headers.
async function listener(t) {
  const received = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(received.length === 1 ? 500 : 200).end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, received };
}

function assertAbsent(bytes, where) {
  for (const secret of secrets) {
    assert.equal(bytes.includes(secret), false, `${secret} in ${where}`);
    assert.equal(bytes.includes(btoa(secret).slice(0, 20)), false, `${secret} in ${where}`);
  }
}

function assertAbsentIn(folder) {
  for (const name of readdirSync(folder)) {
    assertAbsent(readFileSync(join(folder, name)), name);
  }
}

const parameters = (secret) => ({
  ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: secret },
  InvocationHttpParameters: {
    HeaderParameters: [{ Key: 'x-more', Value: secrets[2], IsValueSecret: true }],
  },
});

async function connect(events, Name = 'shop') {
  await events.send(
    new CreateConnectionCommand({
      Name,
      AuthorizationType: 'API_KEY',
      AuthParameters: parameters(secrets[0]),
    }),
  );
  const { ConnectionArn } = await events.send(
    new UpdateConnectionCommand({ Name, AuthParameters: parameters(secrets[1]) }),
  );
  return ConnectionArn;
}

// The standard error of a start that fails.
function refusal(options) {
  const { status, stderr } = spawnSync(pressoBinary, ['serve', '--port', '0', ...options], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 1);
  assert.equal(stderr.trim().split('\n').length, 1);
  assertAbsent(stderr, 'the refusal');
  return stderr;
}

// As startPresso, with what it writes to standard error.
async function startHeard(options) {
  const child = spawn(pressoBinary, ['serve', '--port', '0', '--log-level', 'debug', ...options]);
  let said = '';
  let ready = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdout.on('data', (chunk) => (ready += chunk));
  await eventually(() => ready.includes('\n'), 'the start');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return {
    url: ready.match(/http:\/\/\S+?:\d+/)[0],
    said: () => said,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('a secret is used, and is nowhere to be read', async (t) => {
  const folder = temporaryFolder(t);
  const { url: endpoint, received } = await listener(t);
  const presso = await startHeard(['--data', folder]);
  const { states, events } = clients(presso.url);
  const stream = await fetch(`${presso.url}/_presso/events`);
  const streamed = stream.body.getReader();

  const ConnectionArn = await connect(events);
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({
      Name: 'api',
      ConnectionArn,
      HttpMethod: 'POST',
      InvocationEndpoint: `${endpoint}/events`,
    }),
  );
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["shop"]}' }));
  await events.send(
    new PutTargetsCommand({
      Rule: 'r',
      Targets: [{ Id: 'a', Arn: ApiDestinationArn, RoleArn: role }],
    }),
  );
  await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'd', Detail: '{}' }] }),
  );
  await eventually(() => received.length >= 2, 'the second attempt');
  const called = await runTask(states, 'arn:aws:states:::http:invoke', {
    ApiEndpoint: `${endpoint}/task`,
    Method: 'GET',
    Authentication: { ConnectionArn },
  });
  for (const headers of received) {
    assert.equal(headers['x-key'], secrets[1]);
    assert.equal(headers['x-more'], secrets[2]);
  }

  const { executionArn } = called;
  const told = [
    called,
    await states.send(new GetExecutionHistoryCommand({ executionArn })),
    await events.send(new DescribeConnectionCommand({ Name: 'shop' })),
    await events.send(new ListConnectionsCommand({})),
    await (await fetch(`${presso.url}/_presso/trace?execution=${executionArn}`)).text(),
    await (await fetch(`${presso.url}/metrics`)).text(),
    new TextDecoder().decode((await streamed.read()).value),
  ];
  await streamed.cancel();
  assertAbsent(JSON.stringify(told), 'answers');
  assertAbsent(presso.said(), 'the log');
  assert.match(presso.said(), /CreateConnection/);
  assertAbsentIn(folder);
  await presso.kill();
  assertAbsentIn(folder);
  assert.ok(existsSync(join(folder, 'presso.db-wal')));
  assert.equal(statSync(join(folder, 'presso.key')).mode & 0o777, 0o600);

  // The next process reads it with the same key.
  const second = await startPresso({ options: ['--data', folder] });
  t.after(() => second.stop());
  const before = received.length;
  await clients(second.url).events.send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'd', Detail: '{}' }] }),
  );
  await eventually(() => received.length > before, 'a delivery');
  assert.equal(received.at(-1)['x-key'], secrets[1]);
});

test('a key that is missing or wrong is refused, with its file and the way out', async (t) => {
  const folder = temporaryFolder(t);
  const key = join(folder, 'presso.key');
  const first = await startPresso({ options: ['--data', folder] });
  assert.equal(existsSync(key), false);
  await connect(clients(first.url).events);
  await first.stop();
  assert.equal(existsSync(key), true);

  renameSync(key, `${key}.away`);
  const wayOut = /name it with --secrets-key FILE.*docs\/security\.md/;
  assert.match(refusal(['--data', folder]), wayOut);
  assert.match(refusal(['--data', folder]), new RegExp(`${key}, cannot be read`));
  writeFileSync(key, `${'0f'.repeat(32)}\n`);
  assert.match(refusal(['--data', folder]), /shop were not sealed with the key in .*presso\.key/);
  writeFileSync(key, 'guess');
  assert.match(refusal(['--data', folder]), /presso\.key is no key: 64 hexadecimal digits/);
  rmSync(key);

  const options = ['--data', folder, '--secrets-key', `${key}.away`];
  const again = await startPresso({ options });
  const { Connections } = await clients(again.url).events.send(new ListConnectionsCommand({}));
  assert.equal(Connections.length, 1);
  await again.stop();
  assert.equal(existsSync(key), false);
});

test('a key that is named has to be there before anything is sealed', async (t) => {
  const file = join(temporaryFolder(t), 'mine');
  assert.match(refusal(['--secrets-key', file]), /mine, cannot be read/);
  writeFileSync(file, 'Aa'.repeat(32));
  const presso = await startPresso({ options: ['--secrets-key', file] });
  await connect(clients(presso.url).events);
  await presso.stop();
});
