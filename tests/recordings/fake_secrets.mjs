// Secrets Manager without a secret.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

export async function startSecrets() {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const isListing = request.headers['x-amz-target'] === 'secretsmanager.ListSecrets';
      const body = isListing ? { SecretList: [] } : { __type: 'InvalidRequestException' };
      response.writeHead(isListing ? 200 : 400, {
        'x-amzn-RequestId': randomUUID(),
        'Content-Type': 'application/x-amz-json-1.1',
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
