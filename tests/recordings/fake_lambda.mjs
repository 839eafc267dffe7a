// Lambda's Invoke as far as the recordings need it: functions that do what a sentence of theirs
// says, and the service's own answer for a function that does not exist.
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

// A sentence → body of the answer, whether the function failed, how long it took.
const behaviours = [
  [/^returns its event unchanged$/, (event) => ({ body: spaced(event) })],
  [
    /^sleeps (\d+) seconds, then returns its event unchanged$/,
    (event, seconds) => ({ body: spaced(event), seconds: Number(seconds) }),
  ],
  [/^returns python bytes,.* body of the answer is ("[^"]*")/, (_, body) => ({ body })],
  [
    /^returns (\d+) \* (\d+) letters '(.)' as python bytes/,
    (_, times, count, letter) => ({ body: letter.repeat(Number(times) * Number(count)) }),
  ],
  [
    /^raises the builtin python (\w+) .* '(.*)' at line (\d+) of (\S+), in function (\w+)$/,
    (_, type, message, line, file, name) =>
      raised({ type, message, line, file, name, source: `raise ${type}("${message}")` }),
  ],
  [
    /^raises .* class named (\w+) .* at line (\d+) of (\S+), in function (\w+) \(.*: (.*)\)$/,
    (_, type, line, file, name, source) => raised({ type, message: '', line, file, name, source }),
  ],
];

export function canBehave({ lambda_behaviour: sentence }) {
  return behaviours.some(([pattern]) => pattern.test(sentence));
}

// JSON text as python's json.dumps writes it, numbers untouched.
export function spaced(json) {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[^\s"]/g) ?? [];
  return tokens.map((token) => (token === ',' || token === ':' ? `${token} ` : token)).join('');
}

// As the python runtime writes it: json.dumps puts a blank after ':' and ','.
function raised({ type, message, line, file, name, source }) {
  const trace = `  File "/var/task/${file}", line ${line}, in ${name}\n    ${source}\n`;
  const members = {
    errorMessage: JSON.stringify(message),
    errorType: JSON.stringify(type),
    requestId: JSON.stringify(randomUUID()),
    stackTrace: `[${JSON.stringify(trace)}]`,
  };
  const texts = Object.entries(members).map(([key, text]) => `"${key}": ${text}`);
  return { body: `{${texts.join(', ')}}`, failed: true };
}

function behave(sentence, event) {
  for (const [pattern, act] of behaviours) {
    const found = sentence.match(pattern);
    if (found) return act(event, ...found.slice(1));
  }
  throw new Error(`no function behaves like this: ${sentence}`);
}

const account = '111111111111';

function respond(response, status, body, headers) {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'keep-alive',
    'x-amzn-RequestId': randomUUID(),
    ...headers,
  });
  response.end(body);
}

function notFound(response, name) {
  const arn = `arn:aws:lambda:us-east-1:${account}:function:${name}:$LATEST`;
  const body = JSON.stringify({ Type: 'User', Message: `Function not found: ${arn}` });
  respond(response, 404, body, { 'x-amzn-ErrorType': 'ResourceNotFoundException' });
}

// `functions` may be replaced between cases; an answer that nobody waits for any more is dropped.
export async function startLambda() {
  const lambda = { functions: [], url: undefined, stop: undefined };
  const pending = new Set();
  const answer = (path, event, response) => {
    const name = decodeURIComponent(path.match(/\/functions\/([^/]+)\/invocations/)?.[1] ?? '');
    const plain = name.replace(/^arn:.*:function:/, '').replace(/:[^:]*$/, '');
    const found = lambda.functions.find((one) => one.name === plain);
    if (!found) return notFound(response, plain);
    const { body, failed, seconds = 0 } = behave(found.lambda_behaviour, event || '{}');
    const send = () =>
      respond(response, 200, body, {
        'X-Amz-Executed-Version': '$LATEST',
        'x-amzn-Remapped-Content-Length': '0',
        'X-Amzn-Trace-Id': `Root=1-${randomBytes(4).toString('hex')}`,
        ...(failed ? { 'X-Amz-Function-Error': 'Unhandled' } : {}),
      });
    if (seconds === 0) return send();
    const timer = setTimeout(send, seconds * 1000);
    pending.add(timer);
    response.once('close', () => clearTimeout(timer));
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(request.url, Buffer.concat(chunks).toString('utf8'), response));
  });
  server.keepAliveTimeout = 0; // Lambda sends no Keep-Alive header
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  lambda.url = `http://127.0.0.1:${server.address().port}`;
  lambda.stop = () => {
    for (const timer of pending) clearTimeout(timer);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return lambda;
}
