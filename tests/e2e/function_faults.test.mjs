// What processes of functions do that they should not, and what presso does about it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { GetFunctionCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { functionsFor, isAlive, writeFiles } from './functions_support.mjs';
import { eventually, hasVfork, temporaryFolder } from './support.mjs';

const timeout = 30; // the machine may be busy
const node = (handler, more) =>
  ({ runtime: 'nodejs20.x', handler, code: 'code', timeout, ...more });
const nodePath = execFileSync('sh', ['-c', 'command -v node']).toString().trim();

const app = `
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const { setTimeout: sleep } = require('node:timers/promises');
exports.echo = async (event) => event;
exports.pid = async () => process.pid;
exports.exit = async ({ code }) => process.exit(code);
exports.signal = async ({ signal }) => { process.kill(process.pid, signal); await sleep(60_000); };
exports.loop = () => { for (;;); };
exports.sleep = async ({ ms, path }) => {
  if (path) fs.appendFileSync(path, '.');
  await sleep(ms);
  return process.pid;
};
exports.write = async ({ path, ms }) => {
  fs.appendFileSync(path, process.pid + ' ' + process.env._X_AMZN_TRACE_ID + '\\n');
  await sleep(ms ?? 0);
  return 'written';
};
exports.print = async ({ megabytes }) => {
  const line = 'x'.repeat(1023) + '\\n';
  for (let i = 0; i < megabytes * 1024; ++i) process.stdout.write(line);
  process.stdout.write('no end of line');
  return megabytes;
};
exports.large = async ({ bytes }) => 'x'.repeat(bytes - 2);
exports.child = async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
  child.unref();
  return child.pid;
};
exports.childAndExit = async ({ path }) => {
  const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
  fs.writeFileSync(path, String(child.pid));
  process.exit(7);
};
exports.rejects = async () => { Promise.reject(new Error('nobody waits')); await sleep(60_000); };
exports.throwsLater = async () => {
  setTimeout(() => { throw new RangeError('nobody catches'); }, 1);
  await sleep(60_000);
};
`;
const files = { 'code/app.js': app };

async function fault(invoke, name, event) {
  const answer = await invoke(name, event);
  assert.equal(answer.StatusCode, 200);
  assert.equal(answer.FunctionError, 'Unhandled', answer.text);
  const message = answer.value.errorMessage.replaceAll(answer.id, 'ID');
  return { type: answer.value.errorType, message, log: answer.log.replaceAll(answer.id, 'ID') };
}

test('a process that exits fails its invocation, and a new one takes its place', async (t) => {
  const functions = { exit: node('app.exit'), signal: node('app.signal'), pid: node('app.pid') };
  const { invoke } = await functionsFor(t, functions, files);
  const one = await fault(invoke, 'exit', { code: 1 });
  assert.equal(one.type, 'Runtime.ExitError');
  assert.equal(one.message, 'RequestId: ID Error: Runtime exited with error: exit status 1');
  assert.match(one.log, /RequestId: ID Error: .*exit status 1\nRuntime.ExitError\nEND/);
  assert.match(one.log, /Status: error\tError Type: Runtime.ExitError/);
  const zero = await fault(invoke, 'exit', { code: 0 });
  assert.equal(zero.message, 'RequestId: ID Error: Runtime exited without providing a reason');
  const killed = await fault(invoke, 'signal', { signal: 'SIGKILL' });
  assert.equal(killed.message, 'RequestId: ID Error: Runtime exited with error: signal: killed');
  const { value } = await invoke('pid');
  process.kill(value, 'SIGKILL');
  await eventually(() => !isAlive(value), 'an idle process that was killed is reaped');
  assert.notEqual((await invoke('pid')).value, value);
});

test('what nobody catches ends the process, and the invocation tells of it', async (t) => {
  const functions = { rejects: node('app.rejects'), throwsLater: node('app.throwsLater') };
  const { invoke } = await functionsFor(t, functions, files);
  const rejected = await fault(invoke, 'rejects');
  assert.equal(rejected.type, 'Runtime.UnhandledPromiseRejection');
  assert.equal(rejected.message, 'Error: nobody waits');
  const thrown = await fault(invoke, 'throwsLater');
  assert.equal(thrown.type, 'RangeError');
  assert.equal(thrown.message, 'nobody catches');
});

test('a process that does not start fails every invocation', async (t) => {
  const functions = {
    exits: { command: [nodePath, '-e', 'console.log("begun"); process.exit(3)'] },
    broken: { runtime: 'provided.al2023', code: 'broken' },
    reports: { command: [nodePath, '-e', `
      const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/';
      fetch(api + 'init/error', { method: 'POST', body: '{"errorType":"No.Luck"}',
        headers: { 'Lambda-Runtime-Function-Error-Type': 'No.Luck' } });`] },
  };
  const more = { 'broken/bootstrap': '#!/nowhere/interpreter\n' };
  const { invoke } = await functionsFor(t, functions, { ...files, ...more });
  for (let i = 0; i < 2; ++i) {
    const exits = await fault(invoke, 'exits');
    assert.equal(exits.type, 'Runtime.ExitError');
    assert.equal(exits.message, 'RequestId: ID Error: Runtime exited with error: exit status 3');
    assert.match(exits.log, /^begun/);
    const broken = await fault(invoke, 'broken');
    assert.equal(broken.type, hasVfork ? 'Runtime.InvalidEntrypoint' : 'Runtime.ExitError');
    const told = /^RequestId: ID Error: fork\/exec .*bootstrap: no such file/;
    if (hasVfork) assert.match(broken.message, told);
    const reports = await invoke('reports');
    assert.equal(reports.FunctionError, 'Unhandled');
    assert.equal(reports.text, '{"errorType":"No.Luck"}');
  }
});

test('a process is ended at its time-out, with all it has started', async (t) => {
  const functions = {
    loop: node('app.loop', { timeout: 1 }),
    sleep: node('app.sleep', { timeout: 1 }),
    child: node('app.child', { timeout: 30 }),
    childAndExit: node('app.childAndExit', { timeout: 30 }),
  };
  const { invoke, folder } = await functionsFor(t, functions, files);
  for (const name of ['loop', 'sleep']) {
    const late = await fault(invoke, name, { ms: 60_000 });
    assert.equal(late.type, 'Sandbox.Timedout');
    assert.equal(late.message, 'RequestId: ID Error: Task timed out after 1.00 seconds');
    assert.match(late.log, /\dZ ID Task timed out after 1.00 seconds\n/);
    assert.match(late.log, /Status: timeout/);
  }
  assert.ok((await invoke('sleep', { ms: 1 })).value > 0);
  const child = (await invoke('child')).value;
  assert.ok(isAlive(child));
  const path = join(folder, 'child.pid');
  const exited = await fault(invoke, 'childAndExit', { path });
  assert.match(exited.message, /exit status 7$/);
  const orphan = Number(readFileSync(path, 'utf8'));
  await eventually(() => !isAlive(orphan), 'what an ended process started is ended');
});

test('megabytes of output are no harm', async (t) => {
  const functions = { print: node('app.print', { timeout: 60 }) };
  const { invoke } = await functionsFor(t, functions, files);
  const answer = await invoke('print', { megabytes: 20 });
  assert.equal(answer.value, 20);
  assert.ok(answer.log.length <= 4096);
  assert.match(answer.log.slice(-400), /x\nno end of line\nEND RequestId/);
  assert.equal((await invoke('print', { megabytes: 0 })).value, 0);
});

test('payloads are bounded as by Lambda', async (t) => {
  const functions = { echo: node('app.echo'), large: node('app.large', { timeout: 30 }) };
  const { invoke } = await functionsFor(t, functions, files);
  const limit = 6 * 1024 * 1024;
  assert.equal((await invoke('echo', 'x'.repeat(limit - 2))).text.length, limit);
  await assert.rejects(invoke('echo', 'x'.repeat(limit - 1)), {
    name: /Request(Entity)?TooLargeException/,
    message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  });
  const bytes = limit + 100;
  assert.equal((await invoke('large', { bytes })).text.length, bytes);
  for (const size of [bytes + 1, 40 * 1024 * 1024]) {
    const large = await fault(invoke, 'large', { bytes: size });
    assert.equal(large.type, 'Function.ResponseSizeTooLarge');
    const text = 'Response payload size exceeded maximum allowed payload size (6291556 bytes).';
    assert.equal(large.message, text);
  }
  assert.equal((await invoke('echo', 1)).value, 1);
  await assert.rejects(invoke('echo', 1, { InvocationType: 'Sometimes' }), /invocationType/);
});

test('as many run side by side as are allowed', async (t) => {
  const functions = {
    two: node('app.sleep', { timeout: 60, concurrency: 2 }),
    one: node('app.pid', { concurrency: 1 }),
  };
  const { invoke, folder } = await functionsFor(t, functions, files);
  const path = join(folder, 'begun');
  const both = [invoke('two', { ms: 2_000, path }), invoke('two', { ms: 2_000, path })];
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') === '..', 'two run');
  await assert.rejects(invoke('two', { ms: 0 }), {
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    message: 'Rate Exceeded.',
  });
  const pids = (await Promise.all(both)).map(({ value }) => value);
  assert.ok(pids[0] > 0 && pids[1] > 0);
  const calls = new Set();
  for (let i = 0; i < 50; ++i) calls.add((await invoke('one')).value);
  assert.equal(calls.size, 1);
});

test('a change of the code counts for the next invocation', async (t) => {
  const functions = { f: node('app.version'), slow: node('app.slow', { timeout: 30 }) };
  const version = (n) => `const { setTimeout: sleep } = require('node:timers/promises');
    exports.version = async () => require('./deep/part.js').text + ${n};
    exports.slow = async (ms) => { await sleep(ms); return ${n}; };`;
  const code = { 'code/app.js': version(1), 'code/deep/part.js': "exports.text = 'a';" };
  const { invoke, folder } = await functionsFor(t, functions, code);
  assert.equal((await invoke('f')).value, 'a1');
  const slow = invoke('slow', 1_000);
  assert.equal((await invoke('slow', 0)).value, 1);
  for (let i = 2; i < 5; ++i) {
    writeFiles(folder, { 'code/app.js': version(i) });
    assert.equal((await invoke('f')).value, `a${i}`);
  }
  assert.equal((await invoke('slow', 0)).value, 4);
  assert.equal((await slow).value, 1);
  assert.equal((await invoke('slow', 0)).value, 4);
  writeFiles(folder, { 'code/deep/part.js': "exports.text = 'longer';" });
  assert.equal((await invoke('f')).value, 'longer4');
});

test('an asynchronous invocation is accepted, and runs when there is room', async (t) => {
  const functions = { write: node('app.write', { concurrency: 1, timeout: 60 }) };
  const { invoke, folder } = await functionsFor(t, functions, files);
  const path = join(folder, 'written');
  const dry = await invoke('write', { path }, { InvocationType: 'DryRun' });
  assert.equal(dry.StatusCode, 204);
  for (let i = 0; i < 5; ++i) {
    const event = await invoke('write', { path, ms: 20 }, { InvocationType: 'Event' });
    assert.equal(event.StatusCode, 202);
    assert.equal(event.text, '');
  }
  const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []);
  await eventually(() => lines().length === 5, 'five invocations have run');
  assert.equal(new Set(lines().map((line) => line.split(' ')[0])).size, 1);
});

test('a runtime that breaks the rules harms nobody', async (t) => {
  const program = `#!${nodePath}
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/';
    const post = (name, body) => fetch(api + name, { method: 'POST', body });
    (async () => {
      console.log('odd', (await fetch(api + 'unknown')).status);
      const headers = { origin: 'http://example.com' };
      console.log('page', (await fetch(api + 'invocation/next', { headers })).status);
      const byName = api.replace('127.0.0.1', 'localhost');
      console.log('name', (await fetch(byName + 'invocation/next')).status);
      console.log('early', (await post('invocation/x/response', '1')).status);
      let last;
      for (;;) {
        const next = await fetch(api + 'invocation/next');
        const id = next.headers.get('lambda-runtime-aws-request-id');
        const how = await next.json();
        if (last) console.log('other', (await post('invocation/' + last + '/response', 1)).status);
        last = id;
        if (how === 'next') console.log('next', (await fetch(api + 'invocation/next')).status);
        if (how === 'empty') { await post('invocation/' + id + '/error'); continue; }
        if (how === 'text') { await post('invocation/' + id + '/response', 'no JSON'); continue; }
        if (how === 'raw') {
          const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
          require('node:net').connect(port, host).end('no HTTP at all\\r\\n\\r\\n');
        }
        await post('invocation/' + id + '/response', '"first"');
        console.log('again', (await post('invocation/' + id + '/response', '"second"')).status);
      }
    })();`;
  const functions = { odd: { runtime: 'provided', code: 'odd', concurrency: 1, timeout } };
  const { invoke, lambda } = await functionsFor(t, functions, { 'odd/bootstrap': program });
  const first = await invoke('odd', 'next');
  assert.equal(first.value, 'first');
  assert.match(first.log, /^odd 404\npage 403\nname 403\nearly 400\nSTART.*\nnext 403\n/);
  const second = await invoke('odd', 'raw');
  assert.equal(second.value, 'first');
  assert.match(second.log, /other 400/);
  assert.equal((await invoke('odd', 'empty')).FunctionError, 'Unhandled');
  const { response } = await lambda.config.requestHandler
    .handle(await plainRequest(lambda, 'odd', '"text"'));
  assert.equal(await textOf(response.body), 'no JSON');
  assert.equal((await invoke('odd', 0)).value, 'first');
});

test('a runtime that hangs up while it waits may ask again', async (t) => {
  const program = `
    const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
    const net = require('node:net');
    const { setTimeout: sleep } = require('node:timers/promises');
    const api = 'http://' + host + ':' + port + '/2018-06-01/runtime/invocation/';
    (async () => {
      for (;;) {
        const next = await fetch(api + 'next');
        const id = next.headers.get('lambda-runtime-aws-request-id');
        await fetch(api + id + '/response', { method: 'POST', body: await next.text() });
        const rude = net.connect(port, host);
        rude.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\n\\r\\n');
        await sleep(100);
        rude.destroy();
        await sleep(300);
      }
    })();`;
  const functions = { rude: { command: [nodePath, '-e', program], concurrency: 1, timeout: 60 } };
  const { invoke } = await functionsFor(t, functions, files);
  for (let i = 0; i < 3; ++i) {
    assert.equal((await invoke('rude', i)).value, i);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});

async function plainRequest(lambda, name, body) {
  const { HttpRequest } = await import('@smithy/core/protocols');
  const { hostname, port } = await lambda.config.endpoint();
  const path = `/2015-03-31/functions/${name}/invocations`;
  return new HttpRequest({ protocol: 'http:', hostname, port, path, method: 'POST', body });
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

test('functions are listed and described', async (t) => {
  const functions = { a: node('app.echo', { timeout: 9, concurrency: 4 }), b: node('app.pid') };
  const { lambda } = await functionsFor(t, functions, files);
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  assert.deepEqual(Functions.map(({ FunctionName }) => FunctionName), ['a', 'b']);
  const found = await lambda.send(new GetFunctionCommand({ FunctionName: 'a' }));
  assert.equal(found.Configuration.Timeout, 9);
  assert.equal(found.Configuration.Runtime, 'nodejs20.x');
  assert.equal(found.Concurrency.ReservedConcurrentExecutions, 4);
});

test('no process outlives presso, however that ends', async (t) => {
  for (const how of ['stop', 'kill']) {
    const functions = { pid: node('app.pid'), loop: node('app.loop', { timeout: 600 }) };
    const server = await functionsFor(t, functions, files);
    const idle = (await server.invoke('pid')).value;
    const busy = server.invoke('loop').catch(() => 'ended');
    const ps = () => execFileSync('ps', ['-o', 'pid=', '--ppid', String(server.pid)]).toString();
    const processes = await eventually(() => {
      const pids = ps().trim().split(/\s+/).map(Number);
      return pids.length === 2 && pids;
    });
    assert.ok(processes.includes(idle));
    await server[how]();
    assert.equal(await busy, 'ended');
    for (const pid of processes) await eventually(() => !isAlive(pid), `${how} ends ${pid}`);
  }
});

test('what is wrong with a function is found at the start, with file and line', (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, files);
  const start = (text) => {
    writeFileSync(join(folder, 'presso.yaml'), text);
    const options = ['serve', '--port', '0', '--config', join(folder, 'presso.yaml')];
    const { status, stderr } = spawnSync(pressoBinary, options, { encoding: 'utf8' });
    assert.equal(status, 1, text);
    return stderr.replaceAll(folder, 'FOLDER');
  };
  const begin = 'presso: FOLDER/presso.yaml';
  assert.equal(start('functions:\n  f:\n    command: [no-such-program]\n'),
    `${begin}:2: function f: there is no program no-such-program on the PATH\n`);
  assert.equal(start('functions:\n\n  f: {runtime: provided.al2023, code: code}\n'),
    `${begin}:3: function f: there is no program ./bootstrap in FOLDER/code\n`);
  assert.equal(start('functions:\n  f: {runtime: nodejs20.x, handler: a.b, code: none}\n'),
    `${begin}:2: function f: there is no folder FOLDER/none\n`);
  assert.equal(start('functions:\n  f: {runtime: nodejs20.x}\n'),
    `${begin}:2: function f: the runtime nodejs20.x wants a handler\n`);
  assert.match(start('functions:\n  f: {runtime: java21}\n'), /no bootstrap for .* java21/);
  assert.match(start('functions:\n  f: {timeout: 0}\n'), /presso.yaml:2: function f: timeout is/);
});
