// The two servers of the demo and of the tests, on free ports of the loopback interface.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
export const pressoBinary = process.env.PRESSO_BINARY ?? join(root, 'build', 'presso');

export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// In memory; `stop()` ends it.
export async function startDynalite() {
  const dynalite = createRequire(import.meta.url)('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

// Resolves when presso has printed its one line. `options`: further arguments; `environment`: added
// to this process's own.
export async function startPresso({ port = 0, options = [], environment = {} } = {}) {
  const child = spawn(pressoBinary, ['serve', '--port', String(port), ...options], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  );
  const line = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('error', (error) => reject(new Error(`${pressoBinary}: ${error.message}`)));
    exited.then((how) => reject(new Error(`presso ended (${how}) before it was ready`)));
  });
  const url = line.match(/http:\/\/\S+?:\d+/)?.[0];
  if (url === undefined) throw new Error(`presso did not name its URL: ${line}`);
  const end = async (signal) => {
    child.kill(signal);
    return exited;
  };
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    exited,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
