// What presso cannot replay yet, by rules that look at a case's text: the first that holds gives
// the reason. A rule leaves with the feature that it waits for.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bucketsOf } from '../e2e/fake_s3.mjs';

import { canBehave } from './fake_lambda.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const page = readFileSync(join(here, '..', '..', 'docs', 'compatibility.md'), 'utf8');
const statesPage = page.slice(page.indexOf('## Step Functions'), page.indexOf('## EventBridge'));

// The operations of docs/compatibility.md that are not absent.
export const operations = new Set(
  [...statesPage.matchAll(/^\| (\w+) \| (done|differs) \|/gm)].map((row) => row[1]),
);

const kinds = {
  recording: 'a recording without its steps',
};

const services = new Set([
  'lambda',
  'states',
  'activity',
  'sqs',
  'aws-sdk:sfn',
  'aws-sdk:lambda',
  's3',
  'aws-sdk:s3',
  'aws-sdk:sqs',
  'sns',
  'dynamodb',
  'aws-sdk:dynamodb',
  'aws-sdk:secretsmanager',
  'events',
]);
const fakes = new Set(['sqs', 's3', 'sns', 'dynamodb', 'events']);

function isObject(value) {
  return value !== null && typeof value === 'object';
}

function* objectsWithin(value) {
  if (!isObject(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* objectsWithin(inner);
}

export function definitionsOf(one) {
  const requests = [...(one.steps ?? []), ...(one.requests ?? [])];
  const found = [one.definition, ...(one.runs ?? []).map((run) => run.definition)];
  found.push(...requests.map((request) => request.params?.definition));
  return found.filter(isObject);
}

export function someObject(one, holds) {
  for (const definition of definitionsOf(one)) {
    for (const object of objectsWithin(definition)) if (holds(object)) return true;
  }
  return false;
}

function serviceOf({ Resource: resource }) {
  if (typeof resource !== 'string') return undefined;
  return resource.match(/^arn:aws:states:[^:]*:[^:]*:((?:aws-sdk:)?[a-z0-9]+):/)?.[1];
}

function foreignService(object) {
  const service = serviceOf(object);
  return service === undefined || services.has(service) ? undefined : service;
}

function absentOperation(one) {
  const requests = [...(one.steps ?? []), ...(one.requests ?? [])];
  return requests.map((request) => request.call).find((call) => call && !operations.has(call));
}

const rules = [
  (one) => Object.keys(one.recorded).length === 0 && 'nothing that was recorded',
  (one) => kinds[one.kind],
  (one) => {
    if (one.kind === 'test_state' || one.mock_config) return undefined; // what it calls is mocked
    let service;
    someObject(one, (it) => (service ??= foreignService(it)) !== undefined);
    return service && `no endpoint for the service ${service}`;
  },
  (one) => {
    if (one.other_services === undefined) return undefined;
    const creates = one.other_services.every(({ call }) => call === 'CreateQueue');
    const clients = /^executions?$/.test(one.kind) || (one.kind === 'api_calls' && creates);
    const foreign = one.other_services.find(({ service }) => !fakes.has(service));
    const served = clients && !foreign && bucketsOf(one) !== undefined;
    return !served && `requests to ${(foreign ?? one.other_services[0]).service}`;
  },
  (one) => {
    const call = absentOperation(one);
    return call && `the operation ${call}`;
  },
  (one) => {
    const odd = (one.lambdas ?? []).find((it) => !canBehave(it));
    return odd && `a function that ${odd.lambda_behaviour}`;
  },
];

export function notYet(one) {
  for (const rule of rules) {
    const reason = rule(one);
    if (reason) return reason;
  }
  return undefined;
}
