// Does what a recorded case says against a server, and tells what was answered differently.
import { spaced } from './fake_lambda.mjs';
import { Comparison } from './normalise.mjs';
import { someObject } from './not_yet.mjs';

export const account = '111111111111';
const role = `arn:aws:iam::${account}:role/sfn-role`;
const prefix = `arn:aws:states:us-east-1:${account}`;
const patienceMs = 20_000;

function isSince({ recorded_on: date }, since) {
  const [day, month, year] = date.split('-');
  return `${year}-${month}-${day}` >= since;
}
// AWS shows how a machine is encrypted since the keys of customers came, on 25 July 2024.
const showsEncryption = (one) => isSince(one, '2024-07-25');
// Its SDK did not count its attempts in 2023 yet, and did in 2025.
const countsAttempts = (one) => isSince(one, '2025-01-01');

// What another service than this one recorded.
const foreign = new Set(['messages']);
// Where a case logs to, when it does not say.
const logged = {
  level: 'ALL',
  includeExecutionData: false,
  destinations: [
    { cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:us-east-1:${account}:log-group:g:*` } },
  ],
};

export class Replay {
  // The services beside: what they were given is compared, too.
  constructor(url, one, { logs, s3, sqs }) {
    this.url = url;
    this.one = one;
    this.logs = logs;
    this.s3 = s3;
    this.sqs = sqs;
    const nests = someObject(one, (it) => /:startExecution/.test(it.Resource ?? ''));
    this.comparison = new Comparison(one.placeholders, nests);
    if (!showsEncryption(one)) this.comparison.newer.add('encryptionConfiguration');
    this.comparison.countsAttempts = countsAttempts(one);
    this.concurrent = someObject(one, (it) => it.Type === 'Parallel' || it.Type === 'Map');
    this.found = [];
    this.started = [];
    this.examples = new Map();
  }

  async call(name, params) {
    this.lastCall = name;
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AWSStepFunctions.${name}`,
      },
      body: JSON.stringify(params),
    });
    const body = JSON.parse(await response.text());
    const ResponseMetadata = { HTTPHeaders: {}, HTTPStatusCode: response.status };
    if (response.ok) return { ...body, ResponseMetadata };
    const { __type: type, ...rest } = body;
    const Message = rest.message ?? rest.Message ?? '';
    return { Error: { Code: type.replace(/^.*#/, ''), Message }, ...rest, ResponseMetadata };
  }

  // Rules and their targets, which are presso's own.
  async configureBuses() {
    const requests = this.one.other_services ?? [];
    for (const { call, params } of requests.filter((one) => one.service === 'events')) {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSEvents.${call}`,
        },
        body: JSON.stringify(params),
      });
      if (!response.ok) throw new Error(`${call}: ${await response.text()}`);
    }
  }

  // A case is not worth going on with when what it begins with fails.
  async must(name, params) {
    const answer = await this.call(name, params);
    if (answer.Error) throw new Error(`${name}: ${answer.Error.Code}: ${answer.Error.Message}`);
    return answer;
  }

  compare(key, answer) {
    const recorded = this.one.recorded[key];
    if (foreign.has(key) || isOfClient(recorded)) return;
    if (recorded?.exception_typename !== undefined && answer.Error) {
      const raised = raisedBy(this.lastCall, answer.Error);
      this.found.push(...this.comparison.differences(recorded, raised, key));
      return;
    }
    if (typeof recorded === 'string' && answer.Error) {
      const { exception_value: raised } = raisedBy(this.lastCall, answer.Error);
      this.found.push(...this.comparison.differences(recorded, raised, key));
      return;
    }
    if (Array.isArray(recorded) && this.lastCall === 'ListStateMachines') {
      this.found.push(...this.comparison.differences(recorded, answer.stateMachines, key));
      return;
    }
    const isHistory = recorded?.events !== undefined;
    this.found.push(
      ...(isHistory
        ? this.comparison.historyDifferences(recorded, answer, this.concurrent, key)
        : this.comparison.differences(recorded, answer, key)),
    );
  }

  async ended(executionArn) {
    const end = Date.now() + patienceMs;
    for (;;) {
      const answer = await this.call('DescribeExecution', { executionArn });
      if (answer.status !== 'RUNNING') return answer;
      if (Date.now() > end) throw new Error('the execution did not end');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async history(executionArn) {
    const { events, ...rest } = await this.call('GetExecutionHistory', { executionArn });
    let token = rest.nextToken;
    while (token) {
      const more = await this.must('GetExecutionHistory', { executionArn, nextToken: token });
      events.push(...more.events);
      token = more.nextToken;
    }
    delete rest.nextToken;
    return { events, ...rest };
  }

  // The differences, or the reason why it came to an early end.
  async run() {
    try {
      await this[this.one.kind]();
    } catch (error) {
      this.found.unshift(`${error.message}`);
    }
    return this.found;
  }

  async execution() {
    await this.configureBuses();
    const run = { input: this.one.input, recorded_keys: Object.keys(this.one.recorded) };
    if (!('input' in this.one)) delete run.input;
    await this.runs([run]);
  }

  // What the mock's answer does not hold was recorded of a real service.
  async mocked_execution() {
    this.comparison.isMocked = true;
    await this.execution();
  }

  async executions() {
    await this.runs(this.one.runs);
  }

  async runs(runs) {
    const machines = new Map();
    for (const run of runs) {
      const definition = text(run.definition ?? this.one.definition);
      if (machines.has(definition)) continue;
      const name = this.one.state_machine_name ?? `statemachine_${machines.size}`;
      const params = { name, definition, roleArn: role };
      if (JSON.stringify(this.one.recorded).includes('"event_timestamp"')) {
        params.loggingConfiguration = logged;
      }
      machines.set(definition, await this.must('CreateStateMachine', params));
    }
    const done = await Promise.all(
      runs.map(async (run) => {
        const creation = machines.get(text(run.definition ?? this.one.definition));
        const params = { stateMachineArn: creation.stateMachineArn };
        if (this.one.mock_test_case) params.stateMachineArn += `#${this.one.mock_test_case}`;
        if ('input' in run) params.input = spaced(JSON.stringify(run.input));
        const start = await this.must('StartExecution', params);
        const isRecorded = run.recorded_keys.length > 0 || 'cases' in this.one.recorded;
        const described = isRecorded ? await this.ended(start.executionArn) : {};
        return { run, creation, start, described };
      }),
    );
    this.started = done.map(({ start }) => ({ arn: start.executionArn }));
    const cases = done.map(({ described: { input, output } }) => ({ input, output }));
    for (const { run, ...one } of done) {
      for (const key of run.recorded_keys) {
        if (foreign.has(key)) continue;
        this.compare(key, await this.answerFor(key, { ...one, cases }));
      }
    }
  }

  async answerFor(key, { creation, start, described, cases }) {
    const { stateMachineArn } = creation;
    const { executionArn } = start;
    if (key === 'cases') return cases;
    if (/^describe_execution(_response)?$/.test(key)) return described;
    if (/^creation_resp/.test(key)) return creation;
    if (/^exec_resp/.test(key)) return start;
    if (key === 'describe_response') return this.call('DescribeStateMachine', { stateMachineArn });
    if (key === 'describe_for_execution_response') {
      return this.call('DescribeStateMachineForExecution', { executionArn });
    }
    if (key === 'stepfunctions_events') return this.eventsOfQueue(this.one.recorded[key].length);
    if (key === 'logged_execution_events') return this.eventsOfLog(this.one.recorded[key].length);
    if (key === 'get-s3-object') return this.s3.shown(described.input);
    if (this.one.recorded[key]?.events) return this.history(executionArn);
    throw new Error(`nothing is known that answers '${key}'`);
  }

  // What reached the case's one queue, in the order of what it says.
  async eventsOfQueue(count) {
    const [queue] = this.sqs.queues.values();
    const end = Date.now() + patienceMs;
    while (queue.length < count && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const events = queue.map(({ Body: body }) => JSON.parse(body));
    const said = (event) => JSON.stringify(event.detail);
    return events.sort((a, b) => (said(a) < said(b) ? -1 : 1));
  }

  // What the started executions have logged.
  async eventsOfLog(count) {
    const arns = this.started.map(({ arn }) => arn);
    const end = Date.now() + patienceMs;
    while (this.logs.events(arns).length < count && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.logs.events(arns);
  }

  async express_async() {
    const creation = await this.must('CreateStateMachine', {
      name: 'statemachine_0',
      definition: text(this.one.definition),
      roleArn: role,
      type: 'EXPRESS',
      loggingConfiguration: this.one.loggingConfiguration,
    });
    this.compare('creation_response', creation);
    const { executionArn } = await this.must('StartExecution', {
      stateMachineArn: creation.stateMachineArn,
      input: spaced(JSON.stringify(this.one.input)),
    });
    this.started.push({ arn: executionArn });
    const events = await this.eventsOfLog(Number(this.one.recorded.end_event.id));
    this.compare('end_event', events.at(-1));
  }

  async validate() {
    for (const { call, params, recorded_keys: keys } of this.one.requests) {
      const answer = await this.call(call, { ...params, definition: text(params.definition) });
      for (const key of keys) this.compare(key, answer);
    }
  }

  async express_sync() {
    const creation = await this.must('CreateStateMachine', {
      name: 'statemachine_0',
      definition: text(this.one.definition),
      roleArn: role,
      type: 'EXPRESS',
    });
    this.compare('creation_response', creation);
    const { stateMachineArn } = creation;
    const params = { stateMachineArn, input: jsonText(this.one.input) };
    const answer = await this.call('StartSyncExecution', params);
    this.compare('start_execution_sync_response', answer);
  }

  async test_state() {
    for (const { params, recorded_keys: keys } of this.one.requests) {
      const sent = { ...params, definition: text(params.definition) };
      for (const key of ['input', 'context']) {
        if (key in params) sent[key] = jsonText(params[key]);
      }
      const answer = await this.call('TestState', sent);
      for (const key of keys) this.compare(key, answer);
    }
  }

  async api_calls() {
    let answer;
    let compared = false;
    for (const step of this.one.steps) {
      if (step.call) {
        answer = await this.step(step);
        compared = false;
        const failed = answer.Error !== undefined;
        if (failed && !step.expect_error) {
          this.found.push(`${step.call}: answered ${answer.Error.Code}: ${answer.Error.Message}`);
        }
      } else if (step.compare_with_recorded === 'logged_execution_events') {
        const { length } = this.one.recorded.logged_execution_events;
        this.compare('logged_execution_events', await this.eventsOfLog(length));
      } else if (!compared) {
        this.compare(step.compare_with_recorded, answer);
        compared = true;
      }
    }
  }

  async step({ call, params, expect_error: refused }) {
    const sent = { ...params };
    if ('definition' in sent) sent.definition = text(sent.definition);
    const isText = typeof sent.input === 'string';
    if ('input' in sent && !(refused && isText)) sent.input = jsonText(sent.input);
    if (sent.executionArn && !refused) sent.executionArn = this.real(sent.executionArn);
    if (call === 'ListExecutions') {
      for (const { arn } of this.started) await this.ended(arn);
    }
    if (call === 'GetExecutionHistory' && !refused) {
      await this.ended(sent.executionArn);
      return this.history(sent.executionArn);
    }
    const answer = await this.call(call, sent);
    if (call === 'StartExecution' && answer.executionArn) {
      this.started.push({ arn: answer.executionArn, machine: sent.stateMachineArn });
    }
    return answer;
  }

  // The executions of a machine, in the order in which a case first speaks of them.
  real(example) {
    if (!this.examples.has(example)) {
      const machine = example.split(':')[6];
      const before = [...this.examples.keys()].filter((it) => it.split(':')[6] === machine);
      const arn = `${prefix}:stateMachine:${machine}`;
      const of = this.started.filter((it) => `${it.machine}:`.startsWith(`${arn}:`));
      this.examples.set(example, of[before.length]?.arn ?? example);
    }
    return this.examples.get(example);
  }
}

// What the SDK refused to send.
function isOfClient(recorded) {
  const text = recorded?.exception_value ?? recorded;
  return typeof text === 'string' && text.startsWith('Parameter validation failed:');
}

// An error as some tests kept it: the name, and what the SDK for python makes of it.
function raisedBy(call, { Code, Message }) {
  const begin = `An error occurred (${Code}) when calling the ${call} operation`;
  return { exception_typename: Code, exception_value: `${begin}: ${Message}` };
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// A text in place of JSON is itself JSON, or the string that it reads as.
function jsonText(value) {
  if (typeof value !== 'string') return spaced(JSON.stringify(value));
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}
