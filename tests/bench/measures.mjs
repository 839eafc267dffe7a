// What `./dev bench` measures. Each measure adds rows: {what, value, unit} and, where they say
// something, p50 and p99 (milliseconds), cpu (microseconds of the server for each operation),
// others and aim.
import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';

import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { bus, events } from './bus.mjs';
import { forward } from './forward.mjs';
import { functions } from './functions.mjs';
import { growth } from './growth.mjs';
import {
  durable,
  firstAnswer,
  helloCommand,
  load,
  loadOnce,
  memoryBytes,
  pressoCommand,
  rates,
  roleArn,
  scratchFolder,
  share,
  startHello,
  withPresso,
} from './servers.mjs';

const mebibyte = 1024 * 1024;
const start = 'AWSStepFunctions.StartExecution';

// ---- state machines ----
const onePass = { StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } };

// Ten times a Choice and the Pass that it chooses: twenty states, twenty transitions.
function twentyStates() {
  const States = {};
  for (let i = 0; i < 10; i += 1) {
    const isLast = i === 9;
    States[`Choice ${i}`] = {
      Type: 'Choice',
      Choices: [{ Variable: '$.step', NumericEquals: i, Next: `Pass ${i}` }],
    };
    States[`Pass ${i}`] = {
      Type: 'Pass',
      Result: i + 1,
      ResultPath: '$.step',
      ...(isLast ? { End: true } : { Next: `Choice ${i + 1}` }),
    };
  }
  return { StartAt: 'Choice 0', States };
}

const waits = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 2, End: true } } };

const barista = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents.waitForTaskToken',
      HeartbeatSeconds: 900,
      Parameters: {
        Entries: [
          {
            EventBusName: 'Serverlesspresso',
            Source: 'bench',
            DetailType: 'OrderProcessor.WaitingCompletion',
            Detail: { 'TaskToken.$': '$$.Task.Token', 'orderId.$': '$.detail.orderId' },
          },
        ],
      },
      End: true,
    },
  },
};

const order = { detail: { orderId: '0123456789abcdef', userId: 'user-of-0123456789abcdef' } };

async function createMachine(server, name, definition) {
  const { stateMachineArn } = await server.call('AWSStepFunctions.CreateStateMachine', {
    name,
    definition: JSON.stringify(definition),
    roleArn,
  });
  return stateMachineArn;
}

async function executions(server, stateMachineArn, statusFilter) {
  const found = [];
  let nextToken;
  do {
    const page = await server.call('AWSStepFunctions.ListExecutions', {
      stateMachineArn,
      statusFilter,
      maxResults: 1000,
      nextToken,
    });
    found.push(...page.executions);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

// Milliseconds until none is running; nothing where all had ended when the last one was answered.
async function untilNoneRuns(server, stateMachineArn) {
  const begun = performance.now();
  for (let looks = 0; ; looks += 1) {
    const page = await server.call('AWSStepFunctions.ListExecutions', {
      stateMachineArn,
      statusFilter: 'RUNNING',
      maxResults: 1,
    });
    if (page.executions.length === 0) return looks === 0 ? 0 : performance.now() - begun;
    await sleep(5);
  }
}

async function startMany(server, { definition, input, requests, connections }) {
  const stateMachineArn = await createMachine(server, 'bench', definition);
  const work = {
    target: start,
    body: { stateMachineArn, input: JSON.stringify(input) },
    requests,
    connections,
  };
  const done = await load(server, work, () => untilNoneRuns(server, stateMachineArn));
  const ended = await executions(server, stateMachineArn, 'SUCCEEDED');
  if (ended.length !== requests * 3) {
    throw new Error(`${ended.length} of ${requests * 3} executions SUCCEEDED`);
  }
  return done;
}

// ---- the machine ----
async function hello(add) {
  const server = await startHello();
  try {
    const work = {
      target: start,
      body: { stateMachineArn: 'x', input: '{}' },
      requests: 50_000 * share,
    };
    const many = await load(server, work);
    add('bare server, 16 connections', many.perSecond, 'requests/s', rates(many));
    const one = await load(server, { ...work, requests: 10_000 * share, connections: 1 });
    add('bare server, 1 connection', one.perSecond, 'requests/s', rates(one));
  } finally {
    await server.stop();
  }
  add('disk, 4 KiB appended and synced', syncsPerSecond(), 'syncs/s');
}

function syncsPerSecond() {
  const file = openSync(join(scratchFolder(), 'sync'), 'w');
  const page = Buffer.alloc(4096, 1);
  const begun = performance.now();
  let count = 0;
  for (; performance.now() - begun < 500; count += 1) {
    writeSync(file, page);
    fdatasyncSync(file);
  }
  closeSync(file);
  return (count / (performance.now() - begun)) * 1000;
}

// ---- presso ----
async function startUp(add) {
  add('bare server, start to first answer', await firstAnswer(helloCommand), 'ms');
  const first = await firstAnswer(pressoCommand());
  add('start to first answer', first, 'ms', { aim: '12' });
  add('binary', statSync(pressoBinary).size / mebibyte, 'MiB');
}

async function memory(add) {
  const bare = await startHello();
  await sleep(1000);
  add('bare server, idle memory', memoryBytes(bare.pid) / mebibyte, 'MiB');
  await bare.stop();
  await withPresso(durable(), async (server) => {
    await server.call('AWSStepFunctions.ListStateMachines', {});
    await sleep(1000);
    add('idle memory', memoryBytes(server.pid) / mebibyte, 'MiB', { aim: '12' });
  });
}

async function executionsMeasure(add) {
  const one = { definition: onePass, input: order };
  await withPresso(durable(), async (server) => {
    const many = await startMany(server, { ...one, requests: 20_000 * share });
    add('executions, 1 state', many.perSecond, 'executions/s', { ...rates(many), aim: '10,000' });
  });
  await withPresso([...durable(), '--durability', 'process'], async (server) => {
    const many = await startMany(server, { ...one, requests: 20_000 * share });
    add('… with --durability process', many.perSecond, 'executions/s', rates(many));
  });
  await withPresso(durable(), async (server) => {
    const single = await startMany(server, { ...one, requests: 2_000 * share, connections: 1 });
    add('… 1 connection', single.perSecond, 'executions/s', rates(single));
  });
}

async function transitions(add) {
  await withPresso(durable(), async (server) => {
    const work = { definition: twentyStates(), input: { step: 0 }, requests: 5_000 * share };
    const many = await startMany(server, work);
    const { cpu, others } = many;
    add('transitions, 20 states', many.perSecond * 20, 'transitions/s', { cpu: cpu / 20, others });
  });
}

async function parked(add) {
  const count = 10_000 * share;
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await createMachine(server, 'barista', barista);
    const work = { target: start, body: { stateMachineArn, input: JSON.stringify(order) } };
    await loadOnce(server, { ...work, requests: 1_000 * share });
    await sleep(500);
    const before = memoryBytes(server.pid);
    const done = await loadOnce(server, { ...work, requests: count });
    await sleep(1000);
    const bytes = (memoryBytes(server.pid) - before) / count;
    const running = await executions(server, stateMachineArn, 'RUNNING');
    if (running.length !== count + 1_000 * share)
      throw new Error(`${running.length} executions wait`);
    add('memory for each parked order', bytes / 1024, 'KiB', { aim: '1' });
    add('orders parked', done.perSecond, 'executions/s', rates(done));
  });
}

async function timers(add) {
  const count = 1_000 * share;
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await createMachine(server, 'waits', waits);
    const body = { stateMachineArn, input: '{}' };
    await loadOnce(server, { target: start, body, requests: count });
    await sleep(2_500);
    await untilNoneRuns(server, stateMachineArn);
    const late = [];
    for (const { executionArn } of await executions(server, stateMachineArn, 'SUCCEEDED')) {
      const history = await server.call('AWSStepFunctions.GetExecutionHistory', { executionArn });
      const at = (type) => history.events.find((event) => event.type === type).timestamp;
      late.push((at('WaitStateExited') - at('WaitStateEntered') - 2) * 1000);
    }
    if (late.length !== count) throw new Error(`${late.length} of ${count} executions SUCCEEDED`);
    late.sort((a, b) => a - b);
    const [p50, p99] = [late[count / 2], late[(count * 99) / 100]];
    add(`timers late, ${count} waits of 2 s`, p50, 'ms', { p50, p99 });
  });
}

export const measures = {
  hello,
  start: startUp,
  memory,
  executions: executionsMeasure,
  transitions,
  events,
  parked,
  timers,
};
// Those that take minutes, by name only.
export const longMeasures = { bus, forward, functions, growth };
