// presso's runtime for Node.js: asks the Runtime API for invocations and calls the handler as
// AWS's own does. Read by node from its standard input.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const env = process.env;
const root = env.LAMBDA_TASK_ROOT;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
// What was printed is out before the invocation is answered, or the process exits.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
// ---- the Runtime API: one connection, one request at a time ----
// By hand, since node's own client takes longer than most handlers.
let socket;
let arrived = [];
let size = 0;
let head; // of the answer that is coming: {headers, begin, end}
let take; // what it is given to

// Without the Runtime API there is nobody to work for.
function leave() {
  process.exit(1);
}

function connect() {
  const opened = net.connect({ host, port: Number(port), noDelay: true });
  opened.on('data', (part) => {
    arrived.push(part);
    size += part.length;
    if (head === undefined || size >= head.end) readAnswer();
  });
  opened.on('error', leave);
  opened.on('close', () => {
    if (take !== undefined) leave();
    socket = undefined;
  });
  return opened;
}

function readHead(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const headers = {};
  for (const line of bytes.toString('latin1', 0, end).split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const begin = end + 4;
  return { headers, begin, end: begin + Number(headers['content-length'] ?? 0) };
}

function readAnswer() {
  const bytes = arrived.length === 1 ? arrived[0] : Buffer.concat(arrived);
  arrived = [bytes];
  head ??= readHead(bytes);
  if (head === undefined || size < head.end) return;
  const answer = { headers: head.headers, body: bytes.toString('utf8', head.begin, head.end) };
  const done = take;
  take = head = undefined;
  arrived = [];
  size = 0;
  // The connection alone keeps no process alive.
  socket.unref();
  done(answer);
}

function ask(method, name, body = '', headers = {}) {
  socket ??= connect();
  socket.ref();
  const all = { Host: env.AWS_LAMBDA_RUNTIME_API, ...headers };
  all['Content-Length'] = Buffer.byteLength(body);
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\r\n`);
  socket.write(`${method} /2018-06-01/runtime/${name} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return new Promise((resolve) => {
    take = resolve;
  });
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
  // A header has neither line ends nor letters beyond ASCII.
  const errorType = String(fault.errorType).replace(/[^ -~]/g, '?');
  const type = { 'Lambda-Runtime-Function-Error-Type': errorType };
  return ask('POST', name, JSON.stringify(fault), type);
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
  const { headers, body } = await ask('GET', 'invocation/next');
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
  return ask('POST', `invocation/${id}/response`, answer);
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
