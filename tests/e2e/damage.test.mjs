// What a disk can do to a database: each time a clear word that names the file, never a loss that
// nobody hears of.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';

import { pressoBinary, startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, rawCall, role, serverFor, temporaryFolder } from './support.mjs';

const startExecution = 'AWSStepFunctions.StartExecution';
const definition = JSON.stringify({
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 86_400, End: true } },
});

// Starts executions until `count` are acknowledged, or one is not; the names of those that are.
async function startMany(url, stateMachineArn, count, connections = 16) {
  const names = [];
  let next = 0;
  const client = async () => {
    while (next < count) {
      const name = `e${next}`;
      next += 1;
      const body = { stateMachineArn, name, input: JSON.stringify({ x: 'y'.repeat(2_000) }) };
      const answer = await rawCall(url, startExecution, JSON.stringify(body)).catch(() => null);
      if (answer?.status !== 200) return;
      names.push(name);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return names;
}

async function createMachine(url) {
  const command = new CreateStateMachineCommand({ name: 'm', definition, roleArn: role });
  return (await clients(url).states.send(command)).stateMachineArn;
}

async function assertThere(url, stateMachineArn, names) {
  const { states: client } = clients(url);
  for (const name of names) {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    assert.equal(found.status, 'RUNNING');
  }
}

// How a server ends that cannot start: its exit code, and what it says.
async function refusal(command) {
  const [program, ...rest] = command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.includes('Ready.')) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, said };
}

const overwrite = (at, count) => (file) => {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(count, 0xa5), 0, count, at);
  closeSync(handle);
};
// One letter of a text that is in the file: the last of those that are like it.
function flipLetter(file, text) {
  const at = readFileSync(file).lastIndexOf(text);
  assert.ok(at > 0, `${file} has no ${text}`);
  overwrite(at + 5, 1)(file);
  return Math.floor((at + 5) / 4096) + 1;
}
const serve = (folder) => [pressoBinary, 'serve', '--port', '0', '--data', folder];

test('a database that is damaged is refused, with its name and the way out', async (t) => {
  const folder = temporaryFolder(t);
  const server = await startPresso({ options: ['--data', folder] });
  const stateMachineArn = await createMachine(server.url);
  const names = await startMany(server.url, stateMachineArn, 300);
  assert.equal(names.length, 300);
  await server.stop();

  const { size } = statSync(`${folder}/presso.db`);
  const half = Math.floor(size / 2 / 4096) * 4096;
  const damages = {
    'cut to its half': (file) => truncateSync(file, half),
    'cut to a part of a page': (file) => truncateSync(file, 100),
    empty: (file) => truncateSync(file, 0),
    'without its head': overwrite(0, 64),
    'with a page of zeros': (file) => {
      truncateSync(file, 4096);
      truncateSync(file, size);
    },
    'with a second page that is none': overwrite(4096, 4096),
    'with a page in the middle that is none': overwrite(half, 4096),
    'with another letter in a history': (file) => flipLetter(file, 'y'.repeat(1_000)),
  };
  for (const [name, damage] of Object.entries(damages)) {
    await t.test(name, async (inner) => {
      const copy = temporaryFolder(inner);
      cpSync(folder, copy, { recursive: true });
      damage(`${copy}/presso.db`);
      const { code, said } = await refusal(serve(copy));
      assert.equal(code, 1, said);
      assert.match(said, /presso\.db/);
      assert.match(said, /begin anew/);
    });
  }
  const again = await serverFor(t, { options: ['--data', folder] });
  await assertThere(again.url, stateMachineArn, names.slice(0, 3));
});

test('an overwritten log is refused, and the way out keeps what is before it', async (t) => {
  const folder = temporaryFolder(t);
  const server = await startPresso({ options: ['--data', folder] });
  const stateMachineArn = await createMachine(server.url);
  const names = await startMany(server.url, stateMachineArn, 300, 1);
  await server.kill();
  const log = `${folder}/presso.db-wal`;
  assert.ok(statSync(log).size > 1_200_000);
  overwrite(600_000, 1)(log);

  const { code, said } = await refusal(serve(folder));
  assert.equal(code, 1, said);
  assert.match(said, /presso\.db-wal: frame 146 is not as it was written/);
  const [, command] = /`sqlite3 FILE '(.*)'`/.exec(said);
  if (spawnSync('sqlite3', ['--version']).status !== 0) return;
  execFileSync('sqlite3', [`${folder}/presso.db`, command]);
  const again = await serverFor(t, { options: ['--data', folder] });
  await assertThere(again.url, stateMachineArn, names.slice(0, 10));
  const { executions } = await clients(again.url).states.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
  );
  assert.ok(executions.length < 300);
});

test('what is damaged under a running server is an error that names the page', async (t) => {
  const folder = temporaryFolder(t);
  const first = await startPresso({ options: ['--data', folder] });
  const stateMachineArn = await createMachine(first.url);
  await startMany(first.url, stateMachineArn, 5_000);
  await first.stop();
  const child = spawn(pressoBinary, serve(folder).slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const url = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => resolve(/http:\/\/[0-9.:]+/.exec(String(chunk))[0]));
  });
  const page = flipLetter(`${folder}/presso.db`, 'y'.repeat(1_000));
  let wrong = 0;
  for (let i = 0; i < 5_000; i += 1) {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:e${i}`;
    const body = JSON.stringify({ executionArn });
    const { status, text } = await rawCall(url, 'AWSStepFunctions.GetExecutionHistory', body);
    if (status === 200) {
      assert.ok(text.includes('y'.repeat(2_000)), text);
      continue;
    }
    wrong += 1;
    assert.equal(status, 500);
    assert.match(text, new RegExp(`presso\\.db: page ${page} is not as it was written`));
  }
  assert.ok(wrong > 0);
  assert.match(said, new RegExp(`presso\\.db: page ${page} is not as it was written`));
});

test('a folder that may not be written to is refused', async (t) => {
  const folder = `${temporaryFolder(t)}/data`;
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // Root may write anywhere, so it is somebody else who tries.
  const isRoot = process.getuid() === 0;
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const { code, said } = await refusal([...(isRoot ? nobody : []), ...serve(folder)]);
  assert.notEqual(code, 0);
  assert.match(said, /cannot use .*data.*[Pp]ermission denied/);
});

test('a full disk ends the server with a word, and nothing that it said is lost', async (t) => {
  const folder = temporaryFolder(t);
  // Files may not grow over so many KiB: writing more fails, as on a disk that is full.
  const limited = `trap '' XFSZ; ulimit -f ${4 * 1024}; exec "$@"`;
  const child = spawn('bash', ['-c', limited, 'bash', ...serve(folder)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ready = new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      const url = /http:\/\/[0-9.:]+/.exec(String(chunk));
      if (url !== null) resolve(url[0]);
    });
    child.once('close', () => reject(new Error(said)));
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const url = await ready;
  const stateMachineArn = await createMachine(url);
  const names = await startMany(url, stateMachineArn, 20_000);
  await ended;
  assert.ok(names.length > 0 && names.length < 20_000, `${names.length} were started`);
  assert.match(said, /cannot store.*presso\.db/);

  const again = await serverFor(t, { options: ['--data', folder] });
  await assertThere(again.url, stateMachineArn, names.filter((_, i) => i % 20 === 0));
  await assertThere(again.url, stateMachineArn, names.slice(-20));
});

test('SIGTERM under load: what was answered is there, and the end comes soon', async (t) => {
  const folder = temporaryFolder(t);
  const first = await startPresso({ options: ['--data', folder] });
  const stateMachineArn = await createMachine(first.url);
  const load = startMany(first.url, stateMachineArn, 1_000_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const how = await first.stop();
  assert.equal(how, 0);
  const names = await load;
  assert.ok(names.length > 0);
  const again = await serverFor(t, { options: ['--data', folder] });
  await assertThere(again.url, stateMachineArn, names.slice(-50));
  const { executions } = await clients(again.url).states.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }),
  );
  assert.ok(executions.length >= Math.min(1_000, names.length));
});
