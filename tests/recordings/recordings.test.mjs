// Every recorded case that presso can replay is answered as AWS answered it. They are not
// part of the repository: PRESSO_RECORDINGS names their folder.
//
// exceptions.txt lists the known differences, a line each: the case's id, a tab, the reason.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';

import { bucketsOf, startS3 } from '../e2e/fake_s3.mjs';

import { startDynamoDb } from './fake_dynamodb.mjs';
import { startLambda } from './fake_lambda.mjs';
import { startLogs } from './fake_logs.mjs';
import { startSecrets } from './fake_secrets.mjs';
import { startSns, subscribes, topicsOf } from './fake_sns.mjs';
import { queuesOf, startSqs } from './fake_sqs.mjs';
import { notYet } from './not_yet.mjs';
import { Replay, account } from './replay.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const recordings =
  process.env.PRESSO_RECORDINGS ?? join(here, '..', '..', '..', 'shared', 'aws-recordings');
const folder = join(recordings, 'stepfunctions');
const noMocks = { StateMachines: {}, MockedResponses: {} };
const kWorkers = 6; // each with servers of its own: a case waits more than it works

function filesWithin(path) {
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return filesWithin(inner);
      return inner.endsWith('.json') ? [inner] : [];
    });
}

// Cases whose moment was so many days after that of the recording: it moves with the day.
const movedMoment = /::test_timestamp_too_far_in_future_boundary\[(\d+)\]$/;

function atItsMoment(one) {
  const days = movedMoment.exec(one.id)?.[1];
  if (days === undefined) return one;
  const moment = new Date(Date.now() + Number(days) * 86_400_000).toISOString();
  const [{ text_matching: recorded }] = one.placeholders;
  return JSON.parse(JSON.stringify(one).replaceAll(recorded, moment));
}

function recordedCases() {
  const only = process.env.PRESSO_CASE;
  const cases = filesWithin(folder)
    .flatMap((path) => JSON.parse(readFileSync(path)).cases)
    .map(atItsMoment);
  return only === undefined ? cases : cases.filter((one) => one.id.includes(only));
}

function readExceptions() {
  const lines = readFileSync(join(here, 'exceptions.txt'), 'utf8').split('\n');
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(entries.map((line) => line.split('\t')));
}

async function servers(t) {
  const lambda = await startLambda();
  t.after(() => lambda.stop());
  const sqs = await startSqs();
  t.after(() => sqs.stop());
  const s3 = await startS3();
  t.after(() => s3.stop());
  const folder = mkdtempSync(join(tmpdir(), 'presso-mocks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const mocks = join(folder, 'mocks.json');
  writeFileSync(mocks, JSON.stringify(noMocks));
  const sns = await startSns();
  t.after(() => sns.stop());
  const dynamodb = await startDynamoDb();
  t.after(() => dynamodb.stop());
  const secrets = await startSecrets();
  t.after(() => secrets.stop());
  const logs = await startLogs();
  t.after(() => logs.stop());
  const presso = await startPresso({
    options: ['--clock', 'auto', '--account', account, '--mock-config', mocks],
    environment: {
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_SNS: sns.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
    },
  });
  t.after(() => presso.stop());
  return { dynamodb, lambda, logs, mocks, sns, sqs, s3, presso };
}

// What the tests do with a message that holds a token.
async function answerToken({ url }, message) {
  const { TaskToken: taskToken } = JSON.parse(message);
  await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.SendTaskSuccess',
    },
    body: JSON.stringify({ taskToken, output: '{}' }),
  });
}

async function clean({ dynamodb, lambda, logs, mocks, sns, sqs, s3, presso }, one) {
  lambda.functions = one.lambdas ?? [];
  logs.lines = [];
  sqs.queues = queuesOf(one);
  sns.topics = topicsOf(one);
  // After the answer: TaskSubmitted comes before TaskSucceeded.
  sns.subscriber = subscribes(one)
    ? (message) => setTimeout(() => answerToken(presso, message), 200)
    : undefined;
  s3.buckets = bucketsOf(one) ?? new Map();
  if (one.mock_config) writeFileSync(mocks, JSON.stringify(one.mock_config));
  await dynamodb.begin(one);
  const response = await fetch(`${presso.url}/_presso/reset`, { method: 'POST' });
  assert.equal(response.status, 200);
}

// What is wrong with a case, given what is known of it.
function verdict(one, differences, exceptions) {
  if (differences.length > 0 && !exceptions.has(one.id)) {
    return `${one.id}\n    ${differences.slice(0, 8).join('\n    ')}`;
  }
  if (differences.length === 0 && exceptions.has(one.id)) {
    return `${one.id}\n    passes, its line in exceptions.txt has to go`;
  }
  return undefined;
}

test('what AWS answered is answered', async (t) => {
  if (!existsSync(folder)) return t.skip(`there are no recordings in ${folder}`);
  const exceptions = readExceptions();
  const reasons = new Map();
  const mistakes = [];
  const counts = { replayed: 0, passed: 0, excepted: 0, waiting: 0 };
  const left = [];
  for (const one of recordedCases()) {
    const reason = notYet(one);
    if (!reason) left.push(one);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    counts.waiting += reason ? 1 : 0;
  }
  const worker = async () => {
    const running = await servers(t);
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      await clean(running, one);
      const differences = await new Replay(running.presso.url, one, running).run();
      counts.replayed += 1;
      if (differences.length === 0) counts.passed += 1;
      else if (exceptions.has(one.id)) counts.excepted += 1;
      const mistake = verdict(one, differences, exceptions);
      if (mistake) mistakes.push(mistake);
    }
  };
  await Promise.all(Array.from({ length: kWorkers }, worker));
  mistakes.sort();
  const { replayed, passed, excepted, waiting } = counts;
  console.log(`replayed ${replayed}, passed ${passed}, excepted ${excepted}, not yet ${waiting}`);
  for (const [reason, count] of reasons) console.log(`  not yet: ${count} of ${reason}`);
  assert.equal(mistakes.length, 0, `${mistakes.length} cases:\n\n${mistakes.join('\n\n')}`);
});
