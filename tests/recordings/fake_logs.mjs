// CloudWatch Logs as far as lines are put into it: a stream has to be made before it takes any.
import { createServer } from 'node:http';

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}

export async function startLogs() {
  const logs = { lines: [], streams: new Set() };
  const actions = {
    CreateLogStream({ logGroupName, logStreamName }) {
      logs.streams.add(`${logGroupName} ${logStreamName}`);
      return {};
    },
    PutLogEvents({ logGroupName, logStreamName, logEvents }) {
      if (!logs.streams.has(`${logGroupName} ${logStreamName}`)) return undefined;
      for (const { timestamp, message } of logEvents) {
        logs.lines.push({ logGroupName, logStreamName, timestamp, ...JSON.parse(message) });
      }
      return { nextSequenceToken: 't' };
    },
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const action = request.headers['x-amz-target'].replace('Logs_20140328.', '');
      const answer = actions[action](JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (answer) return reply(response, 200, answer);
      const message = 'The specified log stream does not exist.';
      return reply(response, 400, { __type: 'ResourceNotFoundException', message });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  logs.url = `http://127.0.0.1:${server.address().port}`;
  // What was put, without what the service itself adds; in the order of the executions' events.
  logs.events = (arns) => {
    const place = ({ execution_arn: arn, id }) => arns.indexOf(arn) * 1e6 + Number(id);
    return logs.lines
      .filter((line) => arns.includes(line.execution_arn))
      .sort((a, b) => place(a) - place(b))
      .map(({ logGroupName, logStreamName, timestamp, ...event }) => event);
  };
  logs.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return logs;
}
