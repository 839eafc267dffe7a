// Ten thousand connections that do nothing, and a thousand that work.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { test } from 'node:test';

import { serverFor } from '../e2e/support.mjs';

const idle = 10_000;
const active = 1_000;
const rounds = 20;

const ask = 'GET /_presso/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

// A connection whose answers can be awaited, one after another.
function open(port) {
  return new Promise((resolve, reject) => {
    let wanted = null;
    const socket = connect(port, '127.0.0.1', () => resolve(client));
    const end = (error) => {
      const failure = error ?? new Error('closed by the server');
      reject(failure);
      wanted?.reject(failure);
    };
    socket.on('error', end);
    socket.on('close', () => end());
    socket.on('data', (chunk) => {
      if (String(chunk).startsWith('HTTP/1.1 200 ')) wanted?.resolve();
      else wanted?.reject(new Error(String(chunk)));
    });
    const client = {
      ask: () =>
        new Promise((answered, failed) => {
          wanted = { resolve: answered, reject: failed };
          socket.write(ask);
        }),
      close: () => socket.removeAllListeners().on('error', () => {}).destroy(),
    };
  });
}

// A few hundred at a time, as the system's queue of new connections has an end.
async function openMany(port, count) {
  const clients = [];
  while (clients.length < count) {
    const wanted = Math.min(200, count - clients.length);
    const opened = await Promise.all(Array.from({ length: wanted }, () => open(port)));
    await Promise.all(opened.map((client) => client.ask()));
    clients.push(...opened);
  }
  return clients;
}

test(`${idle} idle and ${active} active connections`, async (t) => {
  const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }));
  if (files < 2 * idle) return t.skip(`a process may open ${files} files here, not ${2 * idle}`);
  const { url } = await serverFor(t);
  const port = Number(new URL(url).port);
  const waiting = await openMany(port, idle);
  const working = await openMany(port, active);
  t.after(() => [...waiting, ...working].forEach((client) => client.close()));
  for (let i = 0; i < rounds; i += 1) await Promise.all(working.map((client) => client.ask()));
  // None of the others was closed for want of room.
  for (let i = 0; i < idle; i += 200) {
    await Promise.all(waiting.slice(i, i + 200).map((client) => client.ask()));
  }
  const health = await (await fetch(`${url}/_presso/health`)).text();
  assert.ok(health.length > 0);
});
