// What the end-to-end tests share: a server for a test file, clients, and waiting for a truth.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';

export const role = 'arn:aws:iam::000000000000:role/test';

export function clients(url, { accessKeyId = '000000000000', region = 'us-east-1' } = {}) {
  const options = {
    endpoint: url,
    region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
    disableHostPrefix: true,
  };
  return { states: new SFNClient(options), events: new EventBridgeClient(options) };
}

// A server that ends with the test. `options` as for startPresso.
export async function serverFor(t, options = {}) {
  const presso = await startPresso(options);
  t.after(() => presso.stop());
  return presso;
}

// For a test of how much memory is taken: a sanitizer keeps what was given back, which it need not
// here, and takes a few times as much for itself.
export const givesBack = {
  ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=0`,
};
export const memoryFactor = process.env.ASAN_OPTIONS === undefined ? 1 : 4;

// The thread sanitizer makes a fork of a vfork: what fails in the child stays there.
export const hasVfork = process.env.TSAN_OPTIONS === undefined;

export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'presso-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// The first value of `look` that is not undefined, asked for again and again.
export async function eventually(look, what = 'it', timeoutMs = 60_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) assert.fail(`${what} did not become true within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let taskMachines = 0;
// Starts a machine of one task; its execution's ARN.
export async function startTask(states, Resource, Parameters) {
  const definition = JSON.stringify({
    StartAt: 'T',
    States: { T: { Type: 'Task', Resource, Parameters, End: true } },
  });
  const name = `task-${++taskMachines}`;
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name, definition, roleArn: role }),
  );
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return executionArn;
}

// The same, described at its end.
export async function runTask(states, Resource, Parameters) {
  const executionArn = await startTask(states, Resource, Parameters);
  return eventually(async () => {
    const seen = await states.send(new DescribeExecutionCommand({ executionArn }));
    return seen.status !== 'RUNNING' && seen;
  }, 'the end of the task');
}

// An HTTP server that keeps what it receives. `answer(body, count)` gives the status, 200 without
// it.
export async function receiver(t, answer = () => 200) {
  const received = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const reply = answer(body, received.length, request);
      received.push(body);
      if (typeof reply === 'number') return response.writeHead(reply).end();
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${server.address().port}`, received };
}

// A certificate for localhost, which nobody else has signed.
export function certificate(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, ...files, '-days', '2'], {
    stdio: 'pipe',
  });
  return { key, cert };
}

// One AWS JSON request as bytes on the wire see it: for what an SDK would not send.
export async function rawCall(url, target, body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, ...headers },
    body,
  });
  const text = await response.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

export async function clock(url, body) {
  const response = await fetch(`${url}/_presso/clock`, {
    method: body === undefined ? 'GET' : 'POST',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.equal(response.status, 200);
  return response.json();
}
