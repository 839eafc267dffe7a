// Peers for what is forwarded, and requests as they are written.
import { createHash } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';

// A signature whose scope names the service; nobody here verifies it.
export function signed(service) {
  const scope = `000000000000/20260101/us-east-1/${service}/aws4_request`;
  const rest = 'SignedHeaders=host;x-amz-date, Signature=0123456789abcdef';
  return { Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, ${rest}` };
}

// A server that ends with the test; `seen` holds what it got, the body of small requests too.
export async function peer(t, answer, options = {}) {
  const seen = [];
  let connections = 0;
  const server = createServer(options, (request, response) => {
    const entry = { method: request.method, url: request.url, headers: request.headers, body: '' };
    seen.push(entry);
    request.on('data', (chunk) => {
      if (entry.body.length < 100_000) entry.body += chunk;
    });
    request.on('error', () => {});
    request.on('close', () => (entry.isClosed = true));
    response.on('close', () => (entry.isOver = true));
    return answer(request, response, seen.length);
  });
  server.on('connection', () => ++connections);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}`, port, seen, connections: () => connections };
}

// One request as it is written, with its body from `pieces`; the answer's body is hashed.
export async function call(url, options, pieces = []) {
  const request = httpRequest(url, options);
  const answered = new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  const send = async () => {
    for await (const piece of pieces) {
      if (request.destroyed) return;
      if (request.write(piece)) continue;
      await new Promise((resolve) => {
        request.once('drain', resolve);
        request.once('close', resolve);
      });
    }
    request.end();
  };
  send();
  const response = await answered;
  const hash = createHash('sha256');
  const chunks = [];
  let size = 0;
  let isWhole = true;
  try {
    for await (const chunk of response) {
      hash.update(chunk);
      size += chunk.length;
      if (size <= 1024 * 1024) chunks.push(chunk);
    }
  } catch {
    isWhole = false;
  }
  const { statusCode: status, headers } = response;
  const text = Buffer.concat(chunks).toString('utf8');
  return { status, headers, size, text, hash: hash.digest('hex'), isWhole };
}
