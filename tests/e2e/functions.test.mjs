// Functions by process, with real Node and Python: what handlers are given, and what becomes of
// their answers and errors. What goes wrong with processes is in function_faults.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { functionsFor, needsPython } from './functions_support.mjs';

const timeout = 30; // the machine may be busy
const node = (handler, more) =>
  ({ runtime: 'nodejs20.x', handler, code: 'node', timeout, ...more });
const python = (handler, more) =>
  ({ runtime: 'python3.12', handler, code: 'py', timeout, ...more });
const arnOf = (name) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const app = `
let calls = 0;
exports.echo = async (event, context) => {
  console.log('got', JSON.stringify(event));
  const { awsRequestId, functionName, functionVersion, invokedFunctionArn, memoryLimitInMB } =
    context;
  const seen = { awsRequestId, functionName, functionVersion, invokedFunctionArn, memoryLimitInMB };
  const left = context.getRemainingTimeInMillis();
  const { clientContext } = context;
  const pid = process.pid;
  return { event, seen, left, clientContext, calls: ++calls, pid, cwd: process.cwd() };
};
exports.environment = async () => process.env;
exports.nothing = async () => {};
exports.callback = (event, context, callback) => setTimeout(() => callback(null, { event }), 5);
exports.atOnce = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  setInterval(() => {}, 1_000_000);
  callback(null, 'at once');
};
exports.lateCallback = (event, context, callback) => {
  globalThis.done = false;
  setTimeout(() => (globalThis.done = true), 50);
  callback(null, { toJSON: () => globalThis.done });
};
exports.callbackError = (event, context, callback) => callback(new RangeError('too far'));
exports.plain = () => 'not a promise';
exports.fails = async () => {
  const error = new Error('no such order');
  error.name = 'OrderNotFound';
  throw error;
};
exports.throwsText = async () => { throw 'a text'; };
exports.throwsNothing = async () => { throw undefined; };
exports.never = () => new Promise(() => {});
exports.big = async () => 1n;
exports.value = 3;
exports.deep = { er: { handler: async () => 'deep' } };
`;

test('a Node handler is given event and context, and stays warm', async (t) => {
  const functions = { echo: node('app.echo', { memory: 256 }) };
  const { invoke, folder } = await functionsFor(t, functions, { 'node/app.js': app });
  const first = await invoke('echo', { a: 'ä' });
  assert.equal(first.StatusCode, 200);
  assert.equal(first.ExecutedVersion, '$LATEST');
  assert.equal(first.FunctionError, undefined);
  assert.deepEqual(first.value.event, { a: 'ä' });
  assert.deepEqual(first.value.seen, {
    awsRequestId: first.id,
    functionName: 'echo',
    functionVersion: '$LATEST',
    invokedFunctionArn: arnOf('echo'),
    memoryLimitInMB: '256',
  });
  assert.ok(first.value.left > 1_000 && first.value.left <= 30_000);
  assert.match(first.value.cwd, new RegExp(`${folder}/node$`));
  const lines = first.log.split('\n');
  assert.equal(lines[0], `START RequestId: ${first.id} Version: $LATEST`);
  assert.equal(lines[1], 'got {"a":"ä"}');
  assert.equal(lines[2], `END RequestId: ${first.id}`);
  assert.match(lines[3], /^REPORT .*Duration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB/);
  assert.match(lines[3], /Init Duration/);
  const second = await invoke('echo', null);
  assert.equal(second.value.calls, 2);
  assert.equal(second.value.pid, first.value.pid);
  assert.notEqual(second.id, first.id);
  assert.doesNotMatch(second.log, /Init Duration|ä/);
  const custom = { custom: { a: 1 } };
  const ClientContext = Buffer.from(JSON.stringify(custom)).toString('base64');
  const third = await invoke('echo', undefined, { ClientContext, LogType: 'None' });
  assert.deepEqual(third.value.clientContext, custom);
  assert.deepEqual(third.value.event, {});
  assert.equal(third.LogResult, undefined);
});

test('a function is found by its ARN, its account and a qualifier', async (t) => {
  const functions = { echo: node('app.echo') };
  const { invoke } = await functionsFor(t, functions, { 'node/app.js': app });
  const arn = async (name, more) => (await invoke(name, {}, more)).value.seen.invokedFunctionArn;
  assert.equal(await arn(arnOf('echo')), arnOf('echo'));
  assert.equal(await arn('000000000000:function:echo'), arnOf('echo'));
  assert.equal(await arn('arn:aws:lambda:eu-west-1:123456789012:function:echo:live'),
    'arn:aws:lambda:eu-west-1:123456789012:function:echo:live');
  assert.equal(await arn('echo', { Qualifier: '7' }), `${arnOf('echo')}:7`);
  assert.equal((await invoke('echo:7')).ExecutedVersion, '7');
  await assert.rejects(invoke('nobody'), {
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('nobody')}`,
  });
});

test('the environment is that of Lambda', async (t) => {
  const functions = {
    all: node('app.environment', { environment: { TABLE: 'orders', AWS_REGION: 'eu-west-1' } }),
  };
  const files = { 'node/app.js': app };
  const environment = { INHERITED: 'yes', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const { invoke, url, folder } = await functionsFor(t, functions, files, { environment });
  const { value } = await invoke('all');
  const seen = (name) => value[name];
  assert.equal(seen('AWS_LAMBDA_FUNCTION_NAME'), 'all');
  assert.equal(seen('AWS_LAMBDA_FUNCTION_VERSION'), '$LATEST');
  assert.equal(seen('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'), '128');
  assert.equal(seen('AWS_LAMBDA_LOG_GROUP_NAME'), '/aws/lambda/all');
  assert.match(seen('AWS_LAMBDA_LOG_STREAM_NAME'), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.equal(seen('AWS_EXECUTION_ENV'), 'AWS_Lambda_nodejs20.x');
  assert.equal(seen('AWS_ENDPOINT_URL'), url);
  assert.equal(seen('LAMBDA_TASK_ROOT'), `${folder}/node`);
  assert.equal(seen('_HANDLER'), 'app.environment');
  assert.equal(seen('TABLE'), 'orders');
  assert.equal(seen('AWS_REGION'), 'eu-west-1');
  assert.equal(seen('INHERITED'), 'yes');
  assert.match(seen('_X_AMZN_TRACE_ID'), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};/);
  assert.ok(seen('AWS_ACCESS_KEY_ID'));
});

test('Node handlers of every form answer', async (t) => {
  const files = {
    'node/app.js': app,
    'node/es.mjs': `import { readFileSync } from 'node:fs';
      export const handler = async (event) => ({ event, is: typeof readFileSync });`,
    'node/old.cjs': 'exports.handler = async () => __filename.length > 0;',
    'node/pack/package.json': '{"type":"module"}',
    'node/pack/index.js': 'export const handler = async () => import.meta.url.length > 0;',
  };
  const cases = [
    ['app.nothing', null],
    ['app.callback', { event: { a: 1 } }],
    ['app.atOnce', 'at once'],
    ['app.lateCallback', true],
    ['app.plain', null],
    ['app.deep.er.handler', 'deep'],
    ['es.handler', { event: { a: 1 }, is: 'function' }],
    ['old.handler', true],
    ['pack/index.handler', true],
  ];
  const functions = Object.fromEntries(cases.map(([handler], i) => [`f${i}`, node(handler)]));
  const { invoke } = await functionsFor(t, functions, files);
  for (const [i, [handler, expected]] of cases.entries()) {
    const answer = await invoke(`f${i}`, { a: 1 });
    assert.equal(answer.FunctionError, undefined, `${handler}: ${answer.text}`);
    assert.deepEqual(answer.value, expected, handler);
    assert.deepEqual((await invoke(`f${i}`, { a: 1 })).value, expected, `${handler}, again`);
  }
});

test('errors of Node are those of Lambda', async (t) => {
  const files = {
    'node/app.js': app,
    'node/syntax.js': 'exports.handler = async () => {',
    'node/needs.js': "require('not-there'); exports.handler = async () => 1;",
    'node/breaks.js': "throw new RangeError('at once');",
  };
  const cases = [
    ['app.fails', 'OrderNotFound', /^no such order$/],
    ['app.callbackError', 'RangeError', /^too far$/],
    ['app.throwsText', 'string', /^a text$/],
    ['app.throwsNothing', 'string', /^handled$/],
    ['app.never', 'Runtime.NodeJsExit', /a Promise that was never settled/],
    ['app.big', 'Runtime.MarshalError', /^Unable to stringify response body/],
    ['app.missing', 'Runtime.HandlerNotFound', /^app.missing is undefined or not exported$/],
    ['app.value', 'Runtime.HandlerNotFound', /^app.value is not a function$/],
    ['app', 'Runtime.MalformedHandlerName', /handler name/],
    ['nothing.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module '.*nothing'/],
    ['needs.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module 'not-there'/],
    ['syntax.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['breaks.handler', 'RangeError', /^at once$/],
  ];
  const functions = Object.fromEntries(cases.map(([handler], i) => [`f${i}`, node(handler)]));
  const { invoke } = await functionsFor(t, functions, files);
  for (const [i, [handler, type, message]] of cases.entries()) {
    const answer = await invoke(`f${i}`);
    assert.equal(answer.StatusCode, 200);
    assert.equal(answer.FunctionError, 'Unhandled', handler);
    assert.equal(answer.value.errorType, type, handler);
    assert.match(answer.value.errorMessage, message);
    assert.ok(Array.isArray(answer.value.trace), handler);
    assert.match(answer.log, /Invoke Error|Uncaught Exception/, handler);
  }
  const first = await invoke('f0');
  assert.equal(first.value.trace[0], 'OrderNotFound: no such order');
  assert.match(first.value.trace[1], /^ {4}at .*app\.js:\d+:\d+/);
});

const pythonApp = `
import decimal
import logging
import os
import sys

calls = 0

class OrderNotFound(Exception):
    pass

def echo(event, context):
    global calls
    calls += 1
    print("printed", event)
    logging.getLogger().warning("logged")
    sys.stderr.write("to stderr\\n")
    seen = [context.aws_request_id, context.function_name, context.invoked_function_arn]
    left = context.get_remaining_time_in_millis()
    custom = context.client_context.custom if context.client_context else None
    return {"event": event, "seen": seen, "left": left, "custom": custom, "calls": calls,
            "trace": os.environ["_X_AMZN_TRACE_ID"], "pid": os.getpid()}

def fails(event, context):
    raise OrderNotFound("no such order")

def odd(event, context):
    return {1, 2}

def number(event, context):
    return [decimal.Decimal("3"), decimal.Decimal("1.5"), None]

class Service:
    def handler(self, event, context):
        return "method"

method = Service().handler
`;

test('a Python handler is given event and context, and stays warm', needsPython, async (t) => {
  const functions = { echo: python('app.echo'), number: python('app.number') };
  functions.method = python('deep/app.method');
  const files = { 'py/app.py': pythonApp, 'py/deep/app.py': pythonApp };
  const { invoke } = await functionsFor(t, functions, files);
  const ClientContext = Buffer.from('{"custom":{"a":1}}').toString('base64');
  const first = await invoke('echo', { a: 'ä' }, { ClientContext });
  assert.equal(first.FunctionError, undefined, first.text);
  assert.deepEqual(first.value.event, { a: 'ä' });
  assert.deepEqual(first.value.seen, [first.id, 'echo', arnOf('echo')]);
  assert.deepEqual(first.value.custom, { a: 1 });
  assert.match(first.value.trace, /^Root=1-/);
  assert.ok(first.value.left > 1_000 && first.value.left <= 30_000);
  assert.match(first.log, /printed {'a': 'ä'}/);
  assert.match(first.log, new RegExp(`\\[WARNING\\]\t\\S+Z\t${first.id}\tlogged`));
  assert.match(first.log, /to stderr/);
  const second = await invoke('echo');
  assert.equal(second.value.calls, 2);
  assert.equal(second.value.pid, first.value.pid);
  assert.deepEqual((await invoke('number')).value, [3, 1.5, null]);
  assert.equal((await invoke('method')).value, 'method');
});

test('errors of Python are those of Lambda', needsPython, async (t) => {
  const files = {
    'py/app.py': pythonApp,
    'py/syntax.py': 'def handler(:\n',
    'py/needs.py': 'import not_there\n',
    'py/breaks.py': 'raise ValueError("at once")\n',
  };
  const cases = [
    ['app.fails', 'OrderNotFound', /^no such order$/],
    ['app.odd', 'Runtime.MarshalError', /^Unable to marshal response: Object of type set is not/],
    ['app.missing', 'Runtime.HandlerNotFound', /^Handler 'missing' missing on module 'app'$/],
    ['app', 'Runtime.MalformedHandlerName', /^Bad handler 'app': not enough values to unpack/],
    ['nothing.handler', 'Runtime.ImportModuleError',
      /^Unable to import module 'nothing': No module named 'nothing'$/],
    ['needs.handler', 'Runtime.ImportModuleError',
      /^Unable to import module 'needs': No module named 'not_there'$/],
    ['syntax.handler', 'Runtime.UserCodeSyntaxError', /^Syntax error in module 'syntax': invalid/],
    ['breaks.handler', 'ValueError', /^at once$/],
  ];
  const functions = Object.fromEntries(cases.map(([handler], i) => [`f${i}`, python(handler)]));
  const { invoke } = await functionsFor(t, functions, files);
  for (const [i, [handler, type, message]] of cases.entries()) {
    const answer = await invoke(`f${i}`);
    assert.equal(answer.FunctionError, 'Unhandled', handler);
    assert.equal(answer.value.errorType, type, handler);
    assert.match(answer.value.errorMessage, message);
    assert.ok(Array.isArray(answer.value.stackTrace), handler);
    assert.match(answer.log, /\[ERROR\] /, handler);
  }
  const { value, id } = await invoke('f0');
  assert.equal(value.requestId, id);
  assert.match(value.stackTrace[0], /^ {2}File ".*app\.py", line \d+, in fails\n {4}raise Order/);
});

test('any program that speaks the Runtime API is a function', async (t) => {
  const bootstrap = `#!${execFileSync('sh', ['-c', 'command -v node']).toString().trim()}
    const api = \`http://\${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/\`;
    for (;;) {
      const next = await fetch(api + 'next');
      const id = next.headers.get('lambda-runtime-aws-request-id');
      const is = process.argv[2] ?? process.env._HANDLER;
      const body = \`{"is":"\${is}","event":\${await next.text()}}\`;
      await fetch(\`\${api}\${id}/response\`, { method: 'POST', body });
    }`;
  const functions = {
    own: { runtime: 'provided.al2023', code: 'own', handler: 'h', timeout },
    named: { command: ['node', 'main.mjs', 'argument'], code: 'own', timeout },
  };
  // A bootstrap has no extension, by which node would know that it is a module.
  const script = bootstrap.replace(/\n([^]*)/, '\n(async () => {$1\n})();');
  const files = { 'own/bootstrap': script, 'own/main.mjs': script };
  const { invoke } = await functionsFor(t, functions, files);
  assert.deepEqual((await invoke('own', [1])).value, { is: 'h', event: [1] });
  assert.deepEqual((await invoke('named', [2])).value, { is: 'argument', event: [2] });
});
