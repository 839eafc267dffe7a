// What `./dev bench functions` measures: invocations of a function by process, with as many
// processes as requests in flight, next to the same handler called directly: as one Node server,
// which is no more than its caller would have without Lambda.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { load, loadOnce, rates, scratchFolder, share, withPresso } from './servers.mjs';

const handler = 'exports.handler = async (event) => ({ hello: event.name, of: 3 });\n';
const direct = `
const { createServer } = require('node:http');
const { handler } = require('./app.js');
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const answer = JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks))));
    const length = { 'content-length': Buffer.byteLength(answer) };
    response.writeHead(200, { 'content-type': 'application/json', ...length }).end(answer);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const body = { name: 'espresso', padding: 'x'.repeat(200) };
const work = (target, inFlight) => ({
  target,
  body,
  connections: inFlight,
  requests: Math.max(20_000 * share, inFlight * 10),
  expected: '"espresso"',
});

async function withDirect(folder, measure) {
  const child = spawn('node', [join(folder, 'server.cjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(Number(String(chunk))));
    child.once('error', reject);
  });
  try {
    return await measure({ port, pid: child.pid });
  } finally {
    child.kill();
    await exited;
  }
}

export async function functions(add) {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'app.js'), handler);
  writeFileSync(join(folder, 'server.cjs'), direct);
  for (const inFlight of [1, 8, 64]) {
    await withDirect(folder, async (server) => {
      const figures = await load(server, work('/', inFlight));
      add(`handler by HTTP, ${inFlight} in flight`, figures.perSecond, 'calls/s', rates(figures));
    });
    const f = { runtime: 'nodejs20.x', handler: 'app.handler', concurrency: inFlight, timeout: 60 };
    writeFileSync(join(folder, 'presso.yaml'), JSON.stringify({ functions: { f } }));
    await withPresso(['--config', join(folder, 'presso.yaml')], async (server) => {
      const calls = work('/2015-03-31/functions/f/invocations', inFlight);
      await loadOnce(server, calls);
      const figures = await load(server, calls);
      add(`by process, ${inFlight} in flight`, figures.perSecond, 'calls/s', rates(figures));
    });
  }
}
