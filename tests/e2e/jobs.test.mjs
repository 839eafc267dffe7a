// `.sync`: a job of another service is awaited by asking that service, through kill -9 too.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { clients, clock, eventually, receiver, role, temporaryFolder } from './support.mjs';

// AWS Batch, of which every job runs until `end` is told; and how often each call was made.
async function batch(t) {
  const jobs = { status: 'RUNNING', calls: {} };
  const { url } = await receiver(t, (body, count, request) => {
    const action = request.url.split('/').at(-1);
    jobs.calls[action] = (jobs.calls[action] ?? 0) + 1;
    const answers = {
      submitjob: { jobId: 'j-1', jobName: 'roast' },
      describejobs: { jobs: [{ jobId: 'j-1', jobName: 'roast', status: jobs.status }] },
      terminatejob: {},
    };
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answers[action]),
    };
  });
  return Object.assign(jobs, { url });
}

async function start(states) {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: 'roaster',
      roleArn: role,
      definition: JSON.stringify({
        StartAt: 'Roast',
        States: {
          Roast: {
            Type: 'Task',
            Resource: 'arn:aws:states:::batch:submitJob.sync',
            Parameters: { JobName: 'roast', JobQueue: 'q', JobDefinition: 'd' },
            End: true,
          },
        },
      }),
    }),
  );
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return executionArn;
}

const ended = (states, executionArn) =>
  eventually(async () => {
    const seen = await states.send(new DescribeExecutionCommand({ executionArn }));
    return seen.status !== 'RUNNING' && seen;
  });

test('a job is awaited through kill -9, and started once', async (t) => {
  const jobs = await batch(t);
  const options = {
    options: ['--data', temporaryFolder(t)],
    environment: { AWS_ENDPOINT_URL_BATCH: jobs.url },
  };
  const first = await startPresso(options);
  const executionArn = await start(clients(first.url).states);
  await eventually(() => jobs.calls.describejobs >= 1, 'a question');
  await first.kill();
  const asked = jobs.calls.describejobs;

  const second = await startPresso(options);
  t.after(() => second.stop());
  const { states } = clients(second.url);
  await eventually(() => jobs.calls.describejobs > asked, 'a question after the crash');
  jobs.status = 'SUCCEEDED';
  const seen = await ended(states, executionArn);
  assert.equal(seen.status, 'SUCCEEDED');
  assert.deepEqual(JSON.parse(seen.output), {
    JobId: 'j-1',
    JobName: 'roast',
    Status: 'SUCCEEDED',
  });
  assert.equal(jobs.calls.submitjob, 1);
  const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  const types = events.map(({ type }) => type);
  assert.deepEqual(types.slice(2, 6), [
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
  ]);
  const submitted = JSON.parse(events[4].taskSubmittedEventDetails.output);
  assert.deepEqual([submitted.JobId, submitted.JobName], ['j-1', 'roast']);
});

test('a job that fails fails its task, and one that nobody awaits is stopped', async (t) => {
  const jobs = await batch(t);
  const presso = await startPresso({ environment: { AWS_ENDPOINT_URL_BATCH: jobs.url } });
  t.after(() => presso.stop());
  const { states } = clients(presso.url);
  jobs.status = 'FAILED';
  const failed = await ended(states, await start(states));
  assert.equal(failed.error, 'States.TaskFailed');
  assert.equal(JSON.parse(failed.cause).Status, 'FAILED');

  jobs.status = 'RUNNING';
  jobs.calls.describejobs = 0;
  const executionArn = await start(states);
  // Of a job that has not answered yet nobody knows what to stop.
  await eventually(() => jobs.calls.describejobs > 0, 'a question about the job');
  await states.send(new StopExecutionCommand({ executionArn }));
  await eventually(() => jobs.calls.terminatejob === 1, 'the end of the job');
});

test('a clock that jumps by itself waits for a job', async (t) => {
  const jobs = await batch(t);
  const presso = await startPresso({
    options: ['--clock', 'auto'],
    environment: { AWS_ENDPOINT_URL_BATCH: jobs.url },
  });
  t.after(() => presso.stop());
  const { states } = clients(presso.url);
  const executionArn = await start(states);
  await eventually(() => jobs.calls.describejobs >= 3, 'some questions');
  const { offset_seconds: offset } = await clock(presso.url);
  assert.ok(offset < 1, `the clock is ${offset} s ahead`);
  jobs.status = 'SUCCEEDED';
  assert.equal((await ended(states, executionArn)).status, 'SUCCEEDED');
});
