// A distributed Map over a hundred thousand lines of an object, its results written to another.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startS3 } from '../e2e/fake_s3.mjs';
import { clients, eventually, role, serverFor } from '../e2e/support.mjs';

const kItems = 100_000;
const kMostBytes = 300 * 1024 * 1024;

const definition = JSON.stringify({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: 'b', Key: 'lines' },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'P',
        States: { P: { Type: 'Pass', End: true } },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'b', Prefix: 'results' },
      },
      End: true,
    },
  },
});

test('a hundred thousand items take less than 300 MiB', async (t) => {
  const s3 = await startS3();
  t.after(() => s3.stop());
  const lines = Array.from({ length: kItems }, (_, i) => JSON.stringify({ i }));
  s3.put('b', 'lines', lines.join('\n'));
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const { states } = clients(presso.url);
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: 'large', definition, roleArn: role }),
  );
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const shown = await eventually(
    async () => {
      const described = await states.send(new DescribeExecutionCommand({ executionArn }));
      return described.status !== 'RUNNING' && described;
    },
    'the end',
    600_000,
  );
  assert.equal(shown.status, 'SUCCEEDED', shown.cause);
  const { mapRuns } = await states.send(new ListMapRunsCommand({ executionArn }));
  const run = await states.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0].mapRunArn }));
  assert.equal(run.itemCounts.succeeded, kItems);
  assert.equal(run.executionCounts.succeeded, kItems);
  const status = readFileSync(`/proc/${presso.pid}/status`, 'utf8');
  const most = 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]);
  assert.ok(most < kMostBytes, `${most} bytes`);
});
