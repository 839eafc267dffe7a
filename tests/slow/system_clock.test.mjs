// The system clock is set while presso runs (by libfaketime, Debian's package `faketime`, which
// reads from a file how far it is off): what waits goes on, and no time runs backwards.
import assert from 'node:assert/strict';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, eventually, role, temporaryFolder } from '../e2e/support.mjs';

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const skip = existsSync(library) ? false : `no ${library} (Debian's package faketime)`;
const hour = 3600;

const definition = JSON.stringify({
  StartAt: 'First',
  States: {
    First: { Type: 'Wait', Seconds: 3, Next: 'Pass' },
    Pass: { Type: 'Pass', Next: 'Last' },
    Last: { Type: 'Wait', Seconds: 2, End: true },
  },
});

async function serverOffBy(t) {
  const folder = temporaryFolder(t);
  const file = join(folder, 'offset');
  const set = (seconds) => {
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const options = ['--data', join(folder, 'data')];
  const start = () => startPresso({ options, environment });
  return { set, start };
}

async function begin({ url }) {
  const { states } = clients(url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'waits', definition, roleArn: role }),
  );
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return executionArn;
}

async function succeeded({ url }, executionArn) {
  const { states } = clients(url);
  await eventually(async () => {
    const { status } = await states.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'SUCCEEDED';
  }, 'SUCCEEDED');
  const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.map(({ timestamp }) => timestamp.getTime() / 1000);
}

const isSorted = (times) => times.every((time, i) => i === 0 || times[i - 1] <= time);

for (const seconds of [-hour, hour]) {
  const what = seconds < 0 ? 'back' : 'forward';
  test(`the clock is set ${what} by an hour while an execution waits`, { skip }, async (t) => {
    const { set, start } = await serverOffBy(t);
    const presso = await start();
    t.after(() => presso.stop());
    const began = Date.now() / 1000;
    const executionArn = await begin(presso);
    set(seconds);
    const times = await succeeded(presso, executionArn);
    assert.ok(isSorted(times), String(times));
    // The system's time is followed forward, and not back.
    const later = times.at(-1) - began;
    assert.ok(seconds < 0 ? later >= 5 : later >= hour, String(later));
    assert.ok(later < 2 * hour);
  });
}

test('the clock was set back while presso was down', { skip }, async (t) => {
  const { set, start } = await serverOffBy(t);
  const first = await start();
  const executionArn = await begin(first);
  await first.kill();
  set(-3);
  const second = await start();
  t.after(() => second.stop());
  const times = await succeeded(second, executionArn);
  assert.ok(isSorted(times), String(times));
});
