// SQS as far as the recordings need it: queues that take messages and give them back.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const md5 = (text) => createHash('md5').update(text).digest('hex');
const nameOf = (queueUrl) => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const operations = {
  SendMessage(queue, { MessageBody: body }) {
    if (typeof body !== 'string' || body === '') {
      throw new Refusal('MissingParameter', 'The request must contain the parameter MessageBody.');
    }
    const MessageId = randomUUID();
    queue.push({ Body: body, MD5OfBody: md5(body), MessageId, ReceiptHandle: randomUUID() });
    return { MD5OfMessageBody: md5(body), MessageId };
  },
  ReceiveMessage(queue, { MaxNumberOfMessages: count = 1 }) {
    const Messages = queue.splice(0, count);
    return Messages.length > 0 ? { Messages } : {};
  },
  DeleteMessage: () => ({}),
};

function answer(queues, target, request) {
  const operation = operations[target.replace('AmazonSQS.', '')];
  if (!operation) throw new Refusal('UnknownOperationException', `no operation ${target}`);
  const queue = queues.get(nameOf(request.QueueUrl ?? ''));
  if (!queue) {
    const message = 'The specified queue does not exist for this wsdl version.';
    throw new Refusal('AWS.SimpleQueueService.NonExistentQueue', message);
  }
  return operation(queue, request);
}

function respond(response, status, value) {
  const body = JSON.stringify(value);
  response.sendDate = true;
  response.writeHead(status, {
    'x-amzn-RequestId': randomUUID(),
    'Content-Length': Buffer.byteLength(body),
    'Content-Type': 'application/x-amz-json-1.0',
    connection: 'keep-alive',
  });
  response.end(body);
}

// `queues`: a list of messages for each name; may be replaced between cases.
export async function startSqs() {
  const sqs = { queues: new Map(), url: undefined, stop: undefined };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      try {
        const sent = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        respond(response, 200, answer(sqs.queues, request.headers['x-amz-target'] ?? '', sent));
      } catch (error) {
        respond(response, 400, { __type: error.code ?? 'InternalFailure', message: error.message });
      }
    });
  });
  server.keepAliveTimeout = 0; // SQS sends no Keep-Alive header
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sqs.url = `http://127.0.0.1:${server.address().port}`;
  sqs.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return sqs;
}

// The queues that a case begins with.
export function queuesOf({ other_services: requests = [] }) {
  const queues = new Map();
  for (const { service, call, params } of requests) {
    if (service === 'sqs' && call === 'CreateQueue') queues.set(params.QueueName, []);
  }
  return queues;
}
