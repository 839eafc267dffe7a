// Random operations with arguments that are mostly right: whatever comes, the server answers in the
// service's form, never with a fault of its own, and what it tells of its executions is well formed
// to the end. PRESSO_REQUESTS sets how many (5,000), PRESSO_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, random } from '../crash/support.mjs';
import { clock, serverFor, temporaryFolder } from '../e2e/support.mjs';

const requests = Number(process.env.PRESSO_REQUESTS ?? 5_000);
const seed = Number(process.env.PRESSO_SEED ?? Date.now() % 1_000_000);
const roleArn = 'arn:aws:iam::000000000000:role/r';
const states = 'arn:aws:states:us-east-1:000000000000:';
const eventsArn = 'arn:aws:events:us-east-1:000000000000:';

class Chance {
  constructor(next) {
    this.next = next;
  }
  below(count) {
    return Math.floor(this.next() * count);
  }
  of(list) {
    return list[this.below(list.length)];
  }
  // One of `count` names: few, so that requests meet what others made.
  name(prefix, count = 6) {
    return `${prefix}-${this.below(count)}`;
  }
}

// ---- machines ----
function state(chance, depth) {
  const inner = () => machine(chance, depth + 1);
  const kinds = [
    () => ({ Type: 'Pass', Result: { n: chance.below(9) }, ResultPath: chance.of(['$', '$.p']) }),
    () => ({ Type: 'Wait', Seconds: chance.below(100) }),
    () => ({ Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $merge([$states.input, {}]) %}' }),
    () => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents.waitForTaskToken',
      HeartbeatSeconds: 60,
      Parameters: {
        Entries: [{ Source: 's', DetailType: 'd', Detail: { 't.$': '$$.Task.Token' } }],
      },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }],
    }),
    () => ({ Type: 'Task', Resource: `${states}activity:${chance.name('activity')}` }),
    () => ({ Type: 'Parallel', Branches: [inner(), inner()], ResultPath: null }),
    () => ({
      Type: 'Map',
      ItemsPath: chance.of(['$.items', '$.none']),
      ItemProcessor: inner(),
      ResultPath: '$.mapped',
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 1 }],
    }),
    () => ({
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: chance.of(['STANDARD', 'EXPRESS']) },
        ...inner(),
      },
      ToleratedFailurePercentage: chance.of([0, 50, 100]),
      ResultPath: null,
    }),
  ];
  return kinds[chance.below(depth > 1 ? 5 : kinds.length)]();
}

let stateNumber = 0;
function machine(chance, depth = 0) {
  const names = Array.from({ length: 1 + chance.below(3) }, () => `S${(stateNumber += 1)}`);
  const end = depth === 0 ? 'End' : `E${(stateNumber += 1)}`;
  const States = { [end]: chance.below(4) ? { Type: 'Succeed' } : { Type: 'Fail', Error: 'E' } };
  names.forEach((name, i) => {
    const made = state(chance, depth);
    if (made.Catch) made.Catch[0].Next = end;
    States[name] = { ...made, Next: names[i + 1] ?? end };
  });
  return { StartAt: names[0], States };
}

// ---- requests ----
const anEvent = JSON.stringify({
  version: '0',
  id: '1',
  'detail-type': 'd',
  source: 'shop',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { n: 1 },
});
// No circle of rules: one that multiplies events would be all that the test measures.
const patterns = (chance) =>
  JSON.stringify({
    source: chance.of([['shop'], [{ prefix: 's' }], [{ 'anything-but': ['shop', 'aws.states'] }]]),
    detail: chance.of([{ n: [{ numeric: ['>', chance.below(9)] }] }, { x: [{ exists: false }] }]),
  });

// By operation: a request that may well succeed. `seen` has tokens and ARNs that answers told.
const stateRequests = (chance, seen) => {
  const stateMachineArn = `${states}stateMachine:${chance.name('m')}`;
  const executionArn = chance.of(seen.executions) ?? `${states}execution:m-0:none`;
  const taskToken = chance.of(seen.tokens) ?? 'none';
  const input = JSON.stringify({ n: chance.below(9), items: [1, 2, 3].slice(chance.below(4)) });
  const routingConfiguration = [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }];
  const definition = () => JSON.stringify(machine(chance));
  return {
    CreateStateMachine: () => {
      const type = chance.of(['STANDARD', 'STANDARD', 'EXPRESS']);
      return { name: chance.name('m'), definition: definition(), roleArn, type };
    },
    UpdateStateMachine: () => ({ stateMachineArn, definition: definition() }),
    DeleteStateMachine: () => ({ stateMachineArn }),
    DescribeStateMachine: () => ({ stateMachineArn }),
    ListStateMachines: () => ({ maxResults: chance.below(5) }),
    PublishStateMachineVersion: () => ({ stateMachineArn }),
    CreateStateMachineAlias: () => ({ name: chance.name('a'), routingConfiguration }),
    DeleteStateMachineAlias: () => ({ stateMachineAliasArn: `${stateMachineArn}:a-1` }),
    StartExecution: () => ({ stateMachineArn, name: chance.name('e', 1_000), input }),
    StopExecution: () => ({ executionArn }),
    DescribeExecution: () => ({ executionArn }),
    GetExecutionHistory: () => ({ executionArn, reverseOrder: chance.below(2) === 0 }),
    ListExecutions: () => ({ stateMachineArn, maxResults: chance.below(20) }),
    RedriveExecution: () => ({ executionArn }),
    ListMapRuns: () => ({ executionArn }),
    DescribeStateMachineForExecution: () => ({ executionArn }),
    SendTaskSuccess: () => ({ taskToken, output: '{}' }),
    SendTaskFailure: () => ({ taskToken, error: 'E' }),
    SendTaskHeartbeat: () => ({ taskToken }),
    CreateActivity: () => ({ name: chance.name('activity') }),
    DeleteActivity: () => ({ activityArn: `${states}activity:${chance.name('activity')}` }),
    TagResource: () => ({ resourceArn: stateMachineArn, tags: [{ key: 'k', value: 'v' }] }),
    TestState: () => ({ definition: '{"Type":"Pass","End":true}', input }),
    ValidateStateMachineDefinition: () => ({ definition: definition() }),
  };
};
const eventRequests = (chance) => {
  const EventBusName = chance.of(['default', chance.name('bus', 2)]);
  const Name = chance.name('rule');
  const rule = { Name, EventBusName };
  const Arn = `${states}stateMachine:${chance.name('m')}`;
  const machineTarget = { Id: 'm', Arn, RoleArn: roleArn };
  const busTarget = { Id: 'b', Arn: `${eventsArn}event-bus/${chance.name('bus', 2)}` };
  const Entries = Array.from({ length: 1 + chance.below(3) }, () => ({
    EventBusName,
    Source: chance.of(['shop', 'other']),
    DetailType: 'd',
    Detail: JSON.stringify({ n: chance.below(9), items: [1] }),
  }));
  return {
    CreateEventBus: () => ({ Name: chance.name('bus', 2) }),
    DeleteEventBus: () => ({ Name: chance.name('bus', 2) }),
    ListEventBuses: () => ({}),
    PutRule: () => ({ ...rule, EventPattern: patterns(chance) }),
    DeleteRule: () => rule,
    DisableRule: () => rule,
    EnableRule: () => rule,
    DescribeRule: () => rule,
    ListRules: () => ({ EventBusName }),
    PutTargets: () => {
      const mayForward = EventBusName === 'default';
      const Targets = [mayForward && chance.below(2) ? busTarget : machineTarget];
      return { Rule: Name, EventBusName, Targets };
    },
    RemoveTargets: () => ({ Rule: Name, EventBusName, Ids: ['m', 'b'] }),
    ListTargetsByRule: () => ({ Rule: Name, EventBusName }),
    PutEvents: () => ({ Entries }),
    TestEventPattern: () => ({ EventPattern: patterns(chance), Event: anEvent }),
    CreateArchive: () => ({
      ArchiveName: chance.name('archive', 2),
      EventSourceArn: `${eventsArn}event-bus/${EventBusName}`,
      RetentionDays: chance.below(3),
    }),
    DeleteArchive: () => ({ ArchiveName: chance.name('archive', 2) }),
    ListArchives: () => ({}),
    StartReplay: () => ({
      ReplayName: chance.name('replay', 50),
      EventSourceArn: `${eventsArn}archive/${chance.name('archive', 2)}`,
      Destination: { Arn: `${eventsArn}event-bus/${EventBusName}` },
      EventStartTime: 0,
      EventEndTime: 4_000_000_000,
    }),
  };
};

const long = 'x'.repeat(3_000);
const oddities = [null, 0, -1, 1e300, true, '', long, [], {}, [null], '\u0000', '💥', '{% 1 %}'];

// One member of ten is left out, given another value, or given twice what it has.
function spoil(chance, value) {
  if (chance.below(10) > 0 || value === null || typeof value !== 'object') return value;
  const members = Object.keys(value);
  if (members.length === 0) return value;
  const member = chance.of(members);
  if (chance.below(3) === 0) delete value[member];
  else if (chance.below(2) === 0) value[member] = chance.of(oddities);
  else value[member] = spoil(chance, value[member]);
  return value;
}

function remember(seen, operation, body) {
  if (operation === 'StartExecution') seen.executions.push(body.executionArn);
  if (operation === 'ListExecutions') {
    seen.executions.push(...body.executions.slice(0, 3).map((each) => each.executionArn));
  }
  if (operation === 'GetExecutionHistory') {
    const tokens = JSON.stringify(body).matchAll(/\\"t\\":\\"([^"\\]+)\\"/g);
    seen.tokens.push(...[...tokens].map((match) => match[1]));
  }
  for (const list of Object.values(seen)) if (list.length > 200) list.splice(0, 100);
}

function assertWellFormed(events, executionArn) {
  events.forEach((event, i) => {
    assert.equal(event.id, i + 1, executionArn);
    assert.ok((event.previousEventId ?? 0) < event.id, `${executionArn}: ${event.id}`);
  });
}

test(`${requests} random operations (seed ${seed})`, async (t) => {
  const chance = new Chance(random(seed));
  const options = ['--data', temporaryFolder(t), '--log-level', 'error'];
  const { url } = await serverFor(t, { options });
  const client = new Client(url);
  const seen = { executions: [], tokens: [] };
  const counts = new Map();
  const one = async () => {
    const isStates = chance.below(3) > 0;
    const all = isStates ? stateRequests(chance, seen) : eventRequests(chance);
    const operation = chance.of(Object.keys(all));
    const target = `${isStates ? 'AWSStepFunctions' : 'AWSEvents'}.${operation}`;
    const body = spoil(chance, all[operation]());
    const answer = await client.call(target, body);
    const asked = `${target} ${JSON.stringify(body).slice(0, 2_000)}`;
    assert.ok(answer !== undefined, `no answer to ${asked}`);
    assert.ok(answer.status === 200 || answer.status === 400, `${answer.status} to ${asked}`);
    if (answer.status === 400) {
      assert.match(answer.body.__type, /^[A-Z]\w+$/, `${JSON.stringify(answer.body)} to ${asked}`);
    } else {
      remember(seen, operation, answer.body);
    }
    const [well, badly] = counts.get(operation) ?? [0, 0];
    counts.set(operation, answer.status === 200 ? [well + 1, badly] : [well, badly + 1]);
  };
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      if (left % 500 === 0) await clock(url, { advance_seconds: chance.below(200) });
      await one();
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  for (const executionArn of seen.executions) {
    const query = { executionArn, maxResults: 1_000 };
    const told = await client.call('AWSStepFunctions.GetExecutionHistory', query);
    if (told.status === 200) assertWellFormed(told.body.events, executionArn);
  }
  const health = await fetch(`${url}/_presso/health`);
  assert.equal(health.status, 200);
  const never = [...counts].filter(([, [well]]) => well === 0).map(([operation]) => operation);
  t.diagnostic(`never successful: ${never.join(', ') || 'none'}`);
  assert.ok(counts.size - never.length > 30, 'most operations succeed now and then');
});
