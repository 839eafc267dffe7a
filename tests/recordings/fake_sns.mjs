// SNS as far as the recordings need it: topics that take messages.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const kNamespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

function published(sns, form) {
  if (!sns.topics.has(form.get('TopicArn'))) return undefined;
  sns.subscriber?.(form.get('Message'));
  const id = `    <MessageId>${randomUUID()}</MessageId>\n`;
  const begin = `<PublishResponse xmlns="${kNamespace}">\n  <PublishResult>\n`;
  return `${begin}${id}  </PublishResult>\n`;
}

function respond(response, status, body, requestId) {
  response.sendDate = true;
  response.writeHead(status, {
    'x-amzn-RequestId': requestId,
    'Content-Type': 'text/xml',
    'Content-Length': Buffer.byteLength(body),
    connection: 'keep-alive',
  });
  response.end(body);
}

function answer(sns, form, response) {
  const requestId = randomUUID();
  const begin = form.get('Action') === 'Publish' ? published(sns, form) : undefined;
  if (begin !== undefined) {
    const id = `    <RequestId>${requestId}</RequestId>\n`;
    const end = `  <ResponseMetadata>\n${id}  </ResponseMetadata>\n</PublishResponse>\n`;
    return respond(response, 200, `${begin}${end}`, requestId);
  }
  const error = '<Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message>';
  const body = `<Error>${error}</Error><RequestId>${requestId}</RequestId>`;
  const whole = `<ErrorResponse xmlns="${kNamespace}">${body}</ErrorResponse>`;
  return respond(response, 404, whole, requestId);
}

// `topics`: a set of ARNs, `subscriber`: is told each message; may be replaced between cases.
export async function startSns() {
  const sns = { topics: new Set(), subscriber: undefined, url: undefined, stop: undefined };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      answer(sns, new URLSearchParams(Buffer.concat(chunks).toString('utf8')), response);
    });
  });
  server.keepAliveTimeout = 0; // SNS sends no Keep-Alive header
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sns.url = `http://127.0.0.1:${server.address().port}`;
  sns.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return sns;
}

// The topics that a case begins with. One whose test deletes it, or asks for another, is told by
// what AWS answered.
export function topicsOf({ other_services: requests = [], recorded }) {
  if (JSON.stringify(recorded).includes('Topic does not exist')) return new Set();
  const made = requests.filter((it) => it.service === 'sns' && it.call === 'CreateTopic');
  return new Set(made.map(({ params }) => `arn:aws:sns:us-east-1:111111111111:${params.Name}`));
}

export function subscribes({ other_services: requests = [] }) {
  return requests.some(({ service, call }) => service === 'sns' && call === 'Subscribe');
}
