// presso's runtime for Node.js: asks the Runtime API for invocations and calls the handler as
// AWS's own does. Read by node from its standard input.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const env = process.env;
const root = env.LAMBDA_TASK_ROOT;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
// What was printed is out before the invocation is answered, or the process exits.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(method, name, body, headers = {}) {
  const options = { host, port, agent, method, path: `/2018-06-01/runtime/${name}`, headers };
  if (body !== undefined) {
    options.headers = { 'content-length': Buffer.byteLength(body), ...headers };
  }
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

// Without the Runtime API there is nobody to work for.
function leave() {
  process.exit(1);
}

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

function describe(error) {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== '[object Error]') {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name ?? 'UnknownError',
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n').filter((line) => !line.includes('[stdin]:')),
  };
}

function show(what, error) {
  const { errorType, errorMessage, trace } = describe(error);
  console.error(`${what}\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

function post(name, error) {
  const fault = describe(error);
  const type = { 'Lambda-Runtime-Function-Error-Type': fault.errorType };
  return ask('POST', name, JSON.stringify(fault), type).catch(leave);
}

// ---- the handler ----

function isModulePackage(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) {
      return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
    }
    if (folder === root || folder === path.dirname(folder)) return false;
  }
}

async function loadModule(name) {
  const base = path.resolve(root, name);
  const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find(
    (each) => fs.existsSync(each) && fs.statSync(each).isFile(),
  );
  const require = createRequire(path.join(root, 'index.js'));
  if (file === undefined) return require(base);
  const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && isModulePackage(file));
  return isModule ? import(pathToFileURL(file).href) : require(file);
}

async function loadUserModule(name) {
  try {
    return await loadModule(name);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const failure = new RuntimeError('UserCodeSyntaxError', String(error));
      failure.stack = error.stack;
      throw failure;
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

// "folder/app.member.member"
async function loadHandler(text) {
  const file = path.basename(text);
  const dot = file.indexOf('.');
  if (dot <= 0 || text.includes('..')) {
    throw new RuntimeError('MalformedHandlerName', `'${text}' is not a valid handler name`);
  }
  const module = await loadUserModule(path.join(path.dirname(text), file.slice(0, dot)));
  const members = file.slice(dot + 1).split('.');
  const find = (from) => members.reduce((value, member) => value?.[member], from);
  const handler = find(module) ?? find(module.default);
  if (handler === undefined) {
    throw new RuntimeError('HandlerNotFound', `${text} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw new RuntimeError('HandlerNotFound', `${text} is not a function`);
  }
  return handler;
}

// ---- an invocation ----

// A handler with a callback has answered when nothing is left to do.
let whenIdle = () => {};
process.on('beforeExit', () => whenIdle());

function contextOf(headers) {
  const parse = (text) => (text === undefined ? undefined : JSON.parse(text));
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    clientContext: parse(headers['lambda-runtime-client-context']),
    identity: parse(headers['lambda-runtime-cognito-identity']),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function toJson(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw new RuntimeError('MarshalError', `Unable to stringify response body: ${error.message}`);
  }
}

function invoke(handler, event, context) {
  return new Promise((resolve, reject) => {
    const succeed = (result) => {
      try {
        resolve(toJson(result));
      } catch (error) {
        reject(error);
      }
    };
    const settle = (error, result) => (error ? reject(error) : succeed(result));
    const callback = (error, result) => {
      if (context.callbackWaitsForEmptyEventLoop === false) return settle(error, result);
      whenIdle = () => settle(error, result);
    };
    Object.assign(context, {
      done: callback,
      succeed: (result) => settle(null, result),
      fail: (error) => settle(error ?? 'handled'),
    });
    whenIdle = () => succeed(null);
    const returned = handler(event, context, callback);
    if (typeof returned?.then !== 'function') return;
    const never =
      'The Lambda runtime client detected an unexpected Node.js exit code. ' +
      'This is most commonly caused by a Promise that was never settled. ' +
      'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';
    whenIdle = () => reject(new RuntimeError('NodeJsExit', never));
    Promise.resolve(returned).then(succeed, (error) => reject(error ?? 'handled'));
  });
}

async function serveOne(handler) {
  const { headers, body } = await ask('GET', 'invocation/next').catch(leave);
  const id = headers['lambda-runtime-aws-request-id'];
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  current = `invocation/${id}/error`;
  let answer;
  try {
    answer = await invoke(handler, JSON.parse(body), contextOf(headers));
  } catch (error) {
    show('Invoke Error', error);
    whenIdle = () => {};
    return post(current, error);
  }
  whenIdle = () => {};
  return ask('POST', `invocation/${id}/response`, answer).catch(leave);
}

// Where an error that nobody catches is told.
let current = 'init/error';
for (const [event, code, wrap] of [
  ['uncaughtException', 129, (error) => error],
  [
    'unhandledRejection',
    128,
    (reason) => {
      const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
      error.stack = reason?.stack ?? error.stack;
      return error;
    },
  ],
]) {
  process.on(event, (raw) => {
    const error = wrap(raw);
    show(event === 'uncaughtException' ? 'Uncaught Exception' : 'Unhandled Promise Rejection', error);
    post(current, error).then(() => process.exit(code));
  });
}

async function main() {
  let handler;
  try {
    handler = await loadHandler(env._HANDLER);
  } catch (error) {
    show('Uncaught Exception', error);
    await post('init/error', error);
    process.exit(1);
  }
  for (;;) await serveOne(handler);
}

main();
