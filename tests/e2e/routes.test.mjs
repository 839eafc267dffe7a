// Where calls go: presso.yaml, the variables, /_presso/routes and what `presso routes` says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { CreateStateMachineCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { clients, receiver, role, serverFor, temporaryFolder } from './support.mjs';

const message = { status: 200, headers: {}, body: '{"MessageId":"m1","MD5OfMessageBody":"d"}' };

const machine = {
  StartAt: 'Send',
  States: {
    Send: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { 'QueueUrl.$': '$.queue', MessageBody: 'hello' },
      ResultSelector: { 'id.$': '$.MessageId' },
      End: true,
    },
  },
};

async function admin(url, path, options = {}) {
  const response = await fetch(`${url}/_presso/${path}`, options);
  return { status: response.status, body: await response.json() };
}

test('a queue goes where the narrowest line says, and at run time elsewhere', async (t) => {
  const [jobs, others, told] = [
    await receiver(t, () => message),
    await receiver(t, () => message),
    await receiver(t, () => message),
  ];
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, `routes:\n  queue jobs-*: ${jobs.url}\n`);
  const presso = await serverFor(t, {
    options: ['--config', file],
    environment: { AWS_ENDPOINT_URL_SQS: others.url },
  });
  const { states } = clients(presso.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: 'send',
      definition: JSON.stringify(machine),
      roleArn: role,
    }),
  );
  const send = async (queue) => {
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ queue }) }),
    );
    const path = `await?execution=${encodeURIComponent(executionArn)}`;
    const { body } = await admin(presso.url, path);
    return body.status;
  };
  const counts = () => [jobs, others, told].map(({ received }) => received.length);
  const url = (name) => `http://any/000000000000/${name}`;

  assert.equal(await send(url('jobs-1')), 'SUCCEEDED');
  assert.equal(await send(url('mail')), 'SUCCEEDED');
  assert.deepEqual(counts(), [1, 1, 0]);

  const changed = await admin(presso.url, 'routes', {
    method: 'PUT',
    body: JSON.stringify({ 'queue jobs-1': told.url, 'queue silent': 'mock' }),
  });
  assert.equal(changed.status, 200);
  assert.equal(await send(url('jobs-1')), 'SUCCEEDED');
  assert.equal(await send(url('jobs-2')), 'SUCCEEDED');
  assert.equal(await send(url('silent')), 'FAILED');
  assert.deepEqual(counts(), [2, 1, 1]);

  const why = await admin(presso.url, 'routes?resource=queue+jobs-1');
  assert.equal(why.body.to, told.url);
  assert.deepEqual(
    why.body.otherwise.map(({ to }) => to),
    [jobs.url, others.url],
  );

  assert.equal((await admin(presso.url, 'routes', { method: 'DELETE' })).status, 200);
  assert.equal(await send(url('jobs-1')), 'SUCCEEDED');
  assert.deepEqual(counts(), [3, 1, 1]);
  const gone = await admin(presso.url, 'routes?match=sqs', { method: 'DELETE' });
  assert.equal(gone.status, 404);
  const wrong = await admin(presso.url, 'routes', { method: 'PUT', body: '{"sqss":"mock"}' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.body.message, /there is no service 'sqss'/);
});

test('presso routes prints the table, and why a resource goes where it goes', async (t) => {
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, 'routes:\n  queue jobs-*: http://localhost:9324\n');
  const run = (...resources) =>
    execFileSync(pressoBinary, ['routes', ...resources, '--config', file], {
      env: { DYNAMODB_ENDPOINT: 'http://localhost:8000', AWS_ENDPOINT_URL: 'http://localhost:1' },
      encoding: 'utf8',
    });
  assert.deepEqual(
    run()
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
    [
      ['queue jobs-*', 'http://localhost:9324', `${file}:2`],
      ['dynamodb', 'http://localhost:8000', 'DYNAMODB_ENDPOINT'],
      ['*', 'http://localhost:1', 'AWS_ENDPOINT_URL'],
    ],
  );
  assert.equal(
    run('arn:aws:sqs:us-east-1:000000000000:jobs-7'),
    'arn:aws:sqs:us-east-1:000000000000:jobs-7: http://localhost:9324  ' +
      `(${file}:2: queue jobs-*)\n` +
      '  without that line: http://localhost:1  (AWS_ENDPOINT_URL: *)\n',
  );
});

test('a file with a mistake is refused at the start, with its line', async (t) => {
  const file = join(temporaryFolder(t), 'presso.yaml');
  writeFileSync(file, 'routes:\n  sqs: nowhere\n');
  assert.throws(
    () => execFileSync(pressoBinary, ['serve', '--port', '0', '--config', file], { stdio: 'pipe' }),
    (error) => error.stderr.toString().includes(`${file}:2: route sqs: 'nowhere' is no URL`),
  );
});
