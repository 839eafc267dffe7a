// --credentials: every request has to be signed with a key that presso knows, but one for its
// health.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { rawCall, serverFor, temporaryFolder } from './support.mjs';

function keysFile(t, text) {
  const file = join(temporaryFolder(t), 'keys');
  writeFileSync(file, text);
  return file;
}

const keys = '[default]\naws_access_key_id = AKIAME\naws_secret_access_key = mine\n';

function client(Client, url, accessKeyId, secretAccessKey) {
  const credentials = { accessKeyId, secretAccessKey };
  const host = { disableHostPrefix: true, maxAttempts: 1 };
  return new Client({ endpoint: url, region: 'eu-west-1', credentials, ...host });
}

test('the stock SDK is known by its key, and others are refused in its words', async (t) => {
  const { url } = await serverFor(t, { options: ['--credentials', keysFile(t, keys)] });
  const list = new ListStateMachinesCommand({});
  await client(SFNClient, url, 'AKIAME', 'mine').send(list);
  await client(EventBridgeClient, url, 'AKIAME', 'mine').send(new ListEventBusesCommand({}));
  await assert.rejects(client(SFNClient, url, 'AKIAME', 'guess').send(list), {
    name: 'InvalidSignatureException',
  });
  await assert.rejects(client(SFNClient, url, 'AKIAYOU', 'mine').send(list), {
    name: 'UnrecognizedClientException',
  });
  const bare = await rawCall(url, 'AWSStepFunctions.ListStateMachines', '{}');
  assert.deepEqual([bare.status, bare.json.__type], [400, 'MissingAuthenticationTokenException']);
});

test('of its own pages only that for the health is open', async (t) => {
  const { url } = await serverFor(t, { options: ['--credentials', keysFile(t, keys)] });
  assert.equal((await fetch(`${url}/_presso/health`)).status, 200);
  for (const path of ['/', '/metrics', '/_presso/clock', '/_presso/events', '/b/k', '/schedules']) {
    assert.equal((await fetch(`${url}${path}`)).status, 403, path);
  }
  assert.equal((await fetch(`${url}/_presso/reset`, { method: 'POST' })).status, 403);
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:presso', '--user', 'AKIAME:mine'];
  const clock = execFileSync('curl', ['-s', ...signed, `${url}/_presso/clock`]).toString();
  assert.equal(JSON.parse(clock).mode, 'real');
});

test('what is no file of keys is refused at the start', (t) => {
  const refusal = (file) => {
    const options = ['serve', '--port', '0', '--credentials', file];
    const { status, stderr } = spawnSync(pressoBinary, options, { encoding: 'utf8' });
    assert.equal(status, 1);
    return stderr;
  };
  assert.match(refusal('/no/such/file'), /cannot read \/no\/such\/file/);
  const short = keysFile(t, '[default]\naws_access_key_id = AKIAME\n');
  assert.match(refusal(short), /keys:1: the profile default has no aws_access_key_id and/);
});

// The address is one for documentation: nobody has it, so that presso ends before it listens.
test('who would listen for others and asks nobody who they are is warned', (t) => {
  const said = (...options) => {
    const given = ['serve', '--host', '203.0.113.1', '--port', '0', ...options];
    const { status, stderr } = spawnSync(pressoBinary, given, { encoding: 'utf8' });
    assert.equal(status, 1);
    return stderr;
  };
  assert.match(said(), /presso listens on 203\.0\.113\.1 and asks nobody who they are/);
  assert.doesNotMatch(said('--credentials', keysFile(t, keys)), /asks nobody/);
});
