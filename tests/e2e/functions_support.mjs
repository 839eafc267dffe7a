// Functions by process for the tests: a folder with presso.yaml and code, a server for it, and the
// Lambda client of AWS's SDK.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import { serverFor, temporaryFolder } from './support.mjs';

export function lambdaClient(url, accessKeyId = '000000000000') {
  return new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  }
}

// `functions`: of presso.yaml, as JSON. `invoke(name, event)` gives what the SDK does, with the
// payload and the log as texts.
export async function functionsFor(t, functions, files, { environment, options = [] } = {}) {
  const folder = temporaryFolder(t);
  writeFiles(folder, { ...files, 'presso.yaml': JSON.stringify({ functions }) });
  const config = ['--config', join(folder, 'presso.yaml'), '--log-level', 'error'];
  const server = await serverFor(t, { options: [...config, ...options], environment });
  const lambda = lambdaClient(server.url);
  async function invoke(FunctionName, event = {}, more = {}) {
    const Payload = event === undefined ? undefined : JSON.stringify(event);
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName, Payload, LogType: 'Tail', ...more }),
    );
    const text = answer.Payload == null ? '' : Buffer.from(answer.Payload).toString('utf8');
    let value;
    if (text !== '') value = JSON.parse(text);
    const log = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
    return { ...answer, text, value, log, id: answer.$metadata.requestId };
  }
  return { ...server, folder, lambda, invoke };
}

// Python functions are tested where there is Python.
export const needsPython = {
  skip: spawnSync('python3', ['--version']).status === 0 ? false : 'python3 is not installed',
};

// Whether a process of this id still runs; one that nobody has reaped counts.
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
