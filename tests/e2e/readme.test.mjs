// The README's own snippets, run as they stand there against a server on another port: what a
// newcomer pastes must work. Python and the command line are skipped where they are not installed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ListExecutionsCommand, ListStateMachinesCommand } from '@aws-sdk/client-sfn';

import { clients, eventually, serverFor, temporaryFolder } from './support.mjs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const root = fileURLToPath(new URL('../..', import.meta.url));

// The fenced block of a language, pointed at `url`.
function fenced(language, url) {
  const block = new RegExp('```' + language + '\\n([\\s\\S]*?)```').exec(readme);
  assert.ok(block, `README.md has a block of ${language}`);
  return block[1].replaceAll('http://127.0.0.1:4566', url);
}

// The indented lines after a line that starts with `heading`.
function indented(heading, url) {
  const lines = readme.slice(readme.indexOf(`\n${heading}`) + 1).split('\n').slice(1);
  const begin = lines.findIndex((line) => line.startsWith('    '));
  const length = lines.slice(begin).findIndex((line) => !line.startsWith('    '));
  const block = lines.slice(begin, begin + length).map((line) => line.slice(4));
  return block.join('\n').replaceAll('http://127.0.0.1:4566', url);
}

function run(command, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { timeout: 60_000, ...options });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command[0]}: ${code}\n${output}`)),
    );
  });
}

const has = (command) => spawnSync(command[0], command.slice(1)).status === 0;
const without = (what, command) => (has(command) ? false : `${what} is not installed`);

test('JavaScript', async (t) => {
  const presso = await serverFor(t);
  const file = join(temporaryFolder(t), 'snippet.mjs');
  const text = fenced('js', presso.url).replace(
    "'@aws-sdk/client-sfn'",
    `'${new URL(import.meta.resolve('@aws-sdk/client-sfn'))}'`,
  );
  writeFileSync(file, text);
  await run([process.execPath, file], { cwd: root });
  const { states } = clients(presso.url);
  const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
  assert.deepEqual(stateMachines.map(({ name }) => name), ['hello']);
  await eventually(async () => {
    const { stateMachineArn } = stateMachines[0];
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions[0]?.status === 'SUCCEEDED';
  }, 'the execution succeeds');
});

test('Python', { skip: without('boto3', ['python3', '-c', 'import boto3']) }, async (t) => {
  const presso = await serverFor(t);
  const text = fenced('python', presso.url);
  assert.equal(await run(['python3', '-c', text]), '[]\n');
  const order = `${text}
import json
definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 300, "Next": "D"},
                                         "D": {"Type": "Pass", "Result": [1], "End": True}}}
made = sfn.create_state_machine(name="m", definition=json.dumps(definition),
                                roleArn="arn:aws:iam::000000000000:role/r")
started = sfn.start_execution(stateMachineArn=made["stateMachineArn"], name="n", input="{}")
try:
    sfn.start_execution(stateMachineArn=made["stateMachineArn"], name="n", input="[]")
except sfn.exceptions.ExecutionAlreadyExists as error:
    print(error.response["Error"]["Message"])
import urllib.request
urllib.request.urlopen("${presso.url}/_presso/clock", b'{"advance_seconds": 300}').read()
print(sfn.describe_execution(executionArn=started["executionArn"])["output"])
pages = sfn.get_paginator("get_execution_history").paginate(
    executionArn=started["executionArn"], PaginationConfig={"PageSize": 2})
print([event["type"] for page in pages for event in page["events"]])
`;
  assert.deepEqual((await run(['python3', '-c', order])).split('\n').slice(1), [
    "Execution Already Exists: 'arn:aws:states:us-east-1:000000000000:execution:m:n'",
    '[1]',
    "['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'PassStateEntered', " +
      "'PassStateExited', 'ExecutionSucceeded']",
    '',
  ]);
});

test('functions', { skip: without('python3', ['python3', '--version']) }, async (t) => {
  const file = join(root, 'examples', 'functions', 'presso.yaml');
  assert.equal(fenced('yaml', ''), readFileSync(file, 'utf8'));
  const { url } = await serverFor(t, { options: ['--config', file] });
  const invoke = async (name, event) => {
    const path = `${url}/2015-03-31/functions/${name}/invocations`;
    const response = await fetch(path, { method: 'POST', body: JSON.stringify(event) });
    return { failed: response.headers.has('x-amz-function-error'), ...(await response.json()) };
  };
  const price = await invoke('price', { drink: 'latte', count: 2 });
  const { failed, total, currency } = price;
  assert.deepEqual({ failed, total, currency }, { failed: false, total: 7, currency: 'EUR' });
  const { receipt } = await invoke('receipt', price);
  assert.equal(receipt, '2 x latte: 7.00 EUR');
  assert.equal((await invoke('price', { drink: 'milk' })).errorType, 'UnknownDrink');
});

test('the command line', { skip: without('aws', ['aws', '--version']) }, async (t) => {
  const presso = await serverFor(t);
  const script = `set -e\nexport AWS_PAGER=\n${indented('Command line:', presso.url)}`;
  const output = await run(['bash', '-c', script]);
  assert.match(output, /"stateMachines": \[\]/);
  assert.match(output, /"FailedEntryCount": 0/);
});
