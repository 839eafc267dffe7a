// `./dev bench growth`: each workload against its size over three decades. What is told is the
// server's CPU for one unit of the work (an event, a transition, an item, …): where that stays as
// it is, the cost grows with the work and no faster. charts.mjs draws it.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { byAnything, putWithRules } from './bus.mjs';
import {
  durable,
  load,
  loadOnce,
  memoryBytes,
  processCpu,
  rates,
  roleArn,
  share,
  withPresso,
} from './servers.mjs';

const start = 'AWSStepFunctions.StartExecution';
const startSync = 'AWSStepFunctions.StartSyncExecution';
const succeeded = '"status":"SUCCEEDED"';
const decades = [10, 100, 1_000, 10_000];

const atLeastOne = (count) => Math.max(1, Math.round(count * share));

async function create(server, definition, type = 'STANDARD', name = 'growth') {
  const { stateMachineArn } = await server.call('AWSStepFunctions.CreateStateMachine', {
    name,
    type,
    definition: JSON.stringify(definition),
    roleArn,
  });
  return stateMachineArn;
}

// A row of the table and a point of the series.
function point(add, series, size, unit, done, units) {
  const what = `${series}: ${size.toLocaleString('en-US')}`;
  const { cpu, others } = done;
  add(what, done.perSecond * units, `${unit}s/s`, { cpu: cpu / units, others, series, size, unit });
}

// ---- the series ----
async function rules(add) {
  for (const size of decades) {
    const put = await putWithRules(size, byAnything);
    point(add, 'rules', size, 'event', put, 1);
  }
}

function chain(states) {
  const States = {};
  for (let i = 0; i < states; i += 1) {
    States[`S${i}`] = { Type: 'Pass', ...(i + 1 < states ? { Next: `S${i + 1}` } : { End: true }) };
  }
  return { StartAt: 'S0', States };
}

const express = async (add, series, unit, definition, { size, work, requests, input = '{}' }) => {
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await create(server, definition, 'EXPRESS');
    const body = { stateMachineArn, input };
    const done = await load(server, {
      target: startSync,
      body,
      requests: atLeastOne(requests),
      connections: 4,
      expected: succeeded,
    });
    point(add, series, size, unit, done, work);
  });
};

async function states(add) {
  for (const size of decades) {
    const requests = 40_000 / size;
    await express(add, 'states', 'transition', chain(size), { size, work: size, requests });
  }
}

// The items are made by the state itself: as an input they would be too large.
const mapOf = (items) => ({
  StartAt: 'Map',
  QueryLanguage: 'JSONata',
  States: {
    Map: {
      Type: 'Map',
      Items: `{% [1..${items}] %}`,
      ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      Output: 'done',
      End: true,
    },
  },
});

async function items(add) {
  for (const size of [...decades, 40_000]) {
    const requests = 40_000 / size;
    await express(add, 'items', 'item', mapOf(size), { size, work: size, requests });
  }
}

// Of input, in KiB, through a Pass that puts something into it.
async function payload(add) {
  const definition = {
    StartAt: 'P',
    States: { P: { Type: 'Pass', Result: 1, ResultPath: '$.n', End: true } },
  };
  for (const size of [1, 10, 100, 250]) {
    const texts = Array.from({ length: size * 10 }, (_, i) => `${i}`.padEnd(96, 'x'));
    const input = JSON.stringify({ texts });
    const work = { size, work: size, requests: 20_000 / (10 + size), input };
    await express(add, 'payload', 'KiB', definition, work);
  }
}

// The newest hundred events of a long history.
async function history(add) {
  for (const size of decades) {
    await withPresso(durable(), async (server) => {
      const stateMachineArn = await create(server, chain(Math.floor(size / 2)));
      const { executionArn } = await server.call(start, { stateMachineArn });
      const describe = () => server.call('AWSStepFunctions.DescribeExecution', { executionArn });
      while ((await describe()).status === 'RUNNING') await sleep(5);
      const target = 'AWSStepFunctions.GetExecutionHistory';
      const body = { executionArn, reverseOrder: true, maxResults: 100 };
      const done = await load(server, { target, body, requests: atLeastOne(2_000) });
      point(add, 'history', size, 'page', done, 1);
    });
  }
}

const waiting = {
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 86_400, End: true } },
};

// One more execution beside so many that wait already.
async function parked(add) {
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await create(server, waiting);
    const work = { target: start, body: { stateMachineArn, input: '{}' } };
    let there = 0;
    for (const size of [100, 1_000, 10_000, 100_000].map(atLeastOne)) {
      const more = Math.max(1, size - there - atLeastOne(3_000));
      await loadOnce(server, { ...work, requests: more });
      await sleep(500);
      const done = await load(server, { ...work, requests: atLeastOne(1_000) });
      there += more + 3 * atLeastOne(1_000);
      point(add, 'parked', size, 'execution', done, 1);
    }
    const kibibytes = memoryBytes(server.pid) / 1024;
    add('memory beside them', kibibytes / 1024, 'MiB');
  });
}

async function connections(add) {
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await create(server, chain(1));
    const target = 'AWSStepFunctions.DescribeStateMachine';
    const work = { target, body: { stateMachineArn }, requests: atLeastOne(20_000) };
    for (const size of [1, 10, 100, 1_000]) {
      const done = await load(server, { ...work, connections: size });
      point(add, 'connections', size, 'request', done, 1);
    }
  });
}

// Used once, and kept.
function idleConnection(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /_presso/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    });
    socket.once('data', () => resolve(socket));
    socket.once('error', reject);
  });
}

// What one that works costs beside so many that do nothing, and what these take.
async function idleConnections(add) {
  await withPresso(durable(), async (server) => {
    const stateMachineArn = await create(server, chain(1));
    const target = 'AWSStepFunctions.DescribeStateMachine';
    const work = { target, body: { stateMachineArn }, requests: atLeastOne(20_000) };
    const port = Number(new URL(server.url).port);
    const before = memoryBytes(server.pid);
    const sockets = [];
    for (const size of decades) {
      while (sockets.length < size) {
        const wanted = Math.min(200, size - sockets.length);
        const opened = Array.from({ length: wanted }, () => idleConnection(port));
        sockets.push(...(await Promise.all(opened)));
      }
      const each = (memoryBytes(server.pid) - before) / size / 1024;
      point(add, 'idle connections', size, 'request', await load(server, work), 1);
      add(`… memory of each of ${size.toLocaleString('en-US')}`, each, 'KiB');
    }
    for (const socket of sockets) socket.destroy();
  });
}

// ---- what a transition costs, by the type of the state ----
const onePass = (name) => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } });
const forTypes = {
  Pass: { Type: 'Pass' },
  'Pass, JSONata': { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input %}' },
  Choice: { Type: 'Choice' },
  Wait: { Type: 'Wait', Seconds: 0 },
  'Task (putEvents)': {
    Type: 'Task',
    Resource: 'arn:aws:states:::events:putEvents',
    Parameters: { Entries: [{ Source: 'bench', DetailType: 't', Detail: {} }] },
    ResultPath: null,
  },
  'Parallel (2 × Pass)': {
    Type: 'Parallel',
    Branches: [onePass('A'), onePass('B')],
    ResultPath: null,
  },
  'Map (2 × Pass)': {
    Type: 'Map',
    ItemsPath: '$.items',
    ItemProcessor: onePass('A'),
    ResultPath: null,
  },
};

// Ten in a row, and what ends them.
function tenOf(state) {
  const States = { End: { Type: 'Succeed' } };
  for (let i = 0; i < 10; i += 1) {
    const Next = i === 9 ? 'End' : `S${i + 1}`;
    const isChoice = state.Type === 'Choice';
    const rule = { Variable: '$.n', NumericEquals: 1, Next };
    const whole = isChoice ? { ...state, Choices: [rule], Default: 'End' } : { ...state, Next };
    // Names are unique in all of a machine.
    States[`S${i}`] = JSON.parse(JSON.stringify(whole).replaceAll(/"(A|B)"/g, `"$1${i}"`));
  }
  return { StartAt: 'S0', States };
}

async function types(add) {
  for (const [name, state] of Object.entries(forTypes)) {
    await withPresso(durable(), async (server) => {
      const stateMachineArn = await create(server, tenOf(state));
      const before = processCpu(server.pid);
      const body = { stateMachineArn, input: '{"n":1,"items":[1,2]}' };
      const requests = atLeastOne(3_000);
      const runs = async () => {
        const query = { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 };
        return (await server.call('AWSStepFunctions.ListExecutions', query)).executions.length > 0;
      };
      await loadOnce(server, { target: start, body, requests });
      while (await runs()) await sleep(10);
      const cpu = (processCpu(server.pid) - before) / requests / 10;
      add(`state ${name}`, 1e6 / cpu, 'states/s', rates({ cpu }));
    });
  }
}

const series = [
  rules,
  states,
  items,
  payload,
  history,
  parked,
  connections,
  idleConnections,
  types,
];
export async function growth(add) {
  for (const measure of series) await measure(add);
}
