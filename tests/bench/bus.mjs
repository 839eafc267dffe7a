// What `./dev bench` measures of the bus. `events` is part of every run; `bus` is for itself:
// PutEvents with up to 100,000 rules, the matcher alone on PRESSO_CITYLOTS (events, JSON lines,
// gzipped or plain) with the rule sets of PRESSO_CITYLOTS_RULES, and a hundred subscribers.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { subscribe } from '../../examples/serverlesspresso/events.mjs';
import { pressoBinary } from '../../examples/serverlesspresso/servers.mjs';
import { durable, load, processCpu, rates, roleArn, share, withPresso } from './servers.mjs';

const run = promisify(execFile);
const putEvents = 'AWSEvents.PutEvents';
const wholly = '"FailedEntryCount":0';
const sink = 'arn:aws:events:us-east-1:000000000000:event-bus/sink';

// ---- rules ----
const byType = (i) => ({ type: [`type-${i}-x`] });

// Rules with different operators; the event of number i still matches rule i alone.
const operators = [
  byType,
  (i) => ({ type: [{ prefix: `type-${i}-` }] }),
  (i) => ({ number: [{ numeric: ['>=', i, '<', i + 1] }] }),
  (i) => ({ type: [{ 'equals-ignore-case': `TYPE-${i}-X` }] }),
];
export const byAnything = (i) => operators[i % operators.length](i);

async function createRule(server, i, detail, isMatched) {
  const rule = { EventBusName: 'bench' };
  const EventPattern = JSON.stringify({ source: ['bench'], detail });
  await server.call('AWSEvents.PutRule', { ...rule, Name: `rule-${i}`, EventPattern });
  if (!isMatched) return;
  const Targets = [{ Id: 'sink', Arn: sink, RoleArn: roleArn }];
  await server.call('AWSEvents.PutTargets', { ...rule, Rule: `rule-${i}`, Targets });
}

// Of ten events, the i-th is of this number.
const numberOf = (i, rules) => (i * 9973) % rules;

// From several clients at once, since each change waits for the disk. Only rules that an event
// matches get a target: half the requests.
async function createRules(server, count, pattern) {
  const matched = new Set(Array.from({ length: 10 }, (_, i) => numberOf(i, count)));
  for (const Name of ['bench', 'sink']) await server.call('AWSEvents.CreateEventBus', { Name });
  let next = 0;
  const client = async () => {
    while (next < count) {
      next += 1;
      const i = next - 1;
      await createRule(server, i, pattern(i), matched.has(i));
    }
  };
  await Promise.all(Array.from({ length: Math.min(64, count) }, client));
}

// Ten events; each matches exactly one of the rules.
const tenEvents = (rules) => ({
  Entries: Array.from({ length: 10 }, (_, i) => {
    const number = numberOf(i, rules);
    const detail = { type: `type-${number}-x`, number, orderId: '0123456789abcdef' };
    return {
      EventBusName: 'bench',
      Source: 'bench',
      DetailType: 'order',
      Detail: JSON.stringify({ ...detail, userId: 'user-of-0123456789abcdef' }),
    };
  }),
});

// Throws unless every one of ten events reaches the sink, once.
async function checkArrival(server, body) {
  let arrived = 0;
  const stream = await subscribe(server.url, 'sink', () => {
    arrived += 1;
  });
  await server.call(putEvents, body);
  for (let i = 0; i < 200 && arrived < 10; i += 1) await sleep(5);
  await sleep(20);
  stream.close();
  if (arrived !== 10) throw new Error(`${arrived} of 10 events arrived`);
}

// The figures of an event, of ten in a request.
export async function putWithRules(rules, pattern) {
  return withPresso(durable(), async (server) => {
    await createRules(server, rules, pattern);
    const body = tenEvents(rules);
    await checkArrival(server, body);
    const work = { target: putEvents, body, requests: 5_000 * share, expected: wholly };
    const put = await load(server, work);
    return { ...put, perSecond: put.perSecond * 10, cpu: put.cpu / 10 };
  });
}

export async function events(add) {
  for (const rules of [1, 100]) {
    const put = await putWithRules(rules, byType);
    const what = `events, ${rules} ${rules === 1 ? 'rule' : 'rules'}, 10 a request`;
    add(what, put.perSecond, 'events/s', rates(put));
  }
}

// ---- the bus for itself ----
async function manyRules(add) {
  const cpu = {};
  for (const rules of [1, 100, 10_000, 100_000]) {
    const put = await putWithRules(rules, byAnything);
    cpu[rules] = put.cpu;
    const what = `events, ${rules.toLocaleString('en-US')} rules of 4 kinds`;
    add(what, put.perSecond, 'events/s', { ...rates(put), aim: '100,000' });
  }
  add('CPU at 100,000 rules, to that at 100', cpu[100_000] / cpu[100], 'times', { aim: '1.5' });
}

// A set's counts have to be those of the rules' file, for its sample or the whole.
async function matcher(add) {
  const { PRESSO_CITYLOTS: data, PRESSO_CITYLOTS_RULES: rules } = process.env;
  if (data === undefined || rules === undefined) {
    console.log('matcher alone: skipped, without PRESSO_CITYLOTS and PRESSO_CITYLOTS_RULES');
    return;
  }
  const { stdout } = await run(pressoBinary, ['match', data, rules, String(2 * share)]);
  const known = new Map(JSON.parse(readFileSync(rules, 'utf8')).sets.map((set) => [set.name, set]));
  for (const [name, set] of Object.entries(JSON.parse(stdout).sets)) {
    const { matches_on_sample: sample, matches_on_citylots2: whole } = known.get(name) ?? {};
    const isExpected = [sample, whole].some((counts) => `${counts}` === `${set.matches}`);
    if (known.has(name) && !isExpected) throw new Error(`${name} has ${set.matches} matches`);
    add(`matcher, ${name.toLowerCase()}`, set.events_per_s_best_pass, 'events/s');
  }
}

// Counts the messages and parses none: readers must not be what is measured.
function subscribeRaw(url, bus) {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/_presso/events?bus=${bus}`, { agent: false }, (response) => {
      const stream = { arrived: 0, isOpen: true, close: () => request.destroy() };
      let text = '';
      response.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const blocks = text.split('\n\n');
        text = blocks.pop();
        stream.arrived += blocks.filter((block) => block.includes('data:')).length;
      });
      response.on('error', () => {});
      response.on('close', () => {
        stream.isOpen = false;
      });
      resolve(stream);
    });
    request.on('error', reject);
  });
}

// Requests one after another, the next when all have the events of the last: what is slow here is
// the way to the subscribers.
async function fanOut(add, subscribers = 100) {
  const requests = 200 * share;
  await withPresso(durable(), async (server) => {
    await createRules(server, 1, byType);
    const streams = [];
    for (let i = 0; i < subscribers; i += 1) streams.push(await subscribeRaw(server.url, 'bench'));
    const body = tenEvents(1);
    const least = () => Math.min(...streams.map((stream) => stream.arrived));
    const before = processCpu(server.pid);
    const begun = performance.now();
    const waits = [];
    for (let i = 1; i <= requests; i += 1) {
      const asked = performance.now();
      await server.call(putEvents, body);
      while (least() < i * 10 && streams.every((stream) => stream.isOpen)) await sleep(0);
      waits.push(performance.now() - asked);
    }
    const seconds = (performance.now() - begun) / 1000;
    const cpu = processCpu(server.pid) - before;
    const events = requests * 10;
    for (const stream of streams) {
      if (stream.arrived !== events) throw new Error(`${stream.arrived} of ${events} arrived`);
      stream.close();
    }
    waits.sort((a, b) => a - b);
    add(`${subscribers} subscribers`, (events * subscribers) / seconds, 'messages/s', {
      p50: waits[Math.floor(requests / 2)],
      p99: waits[Math.floor((requests * 99) / 100)],
      cpu: cpu / (events * subscribers),
    });
  });
}

export async function bus(add) {
  await manyRules(add);
  await matcher(add);
  await fanOut(add);
}
