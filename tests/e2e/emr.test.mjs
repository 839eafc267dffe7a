// The actions of EMR that only Step Functions has, against a server that speaks EMR's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clients, receiver, runTask, serverFor } from './support.mjs';

// Answers by action, a function of the request; what was asked is kept.
async function emr(t, answers) {
  const asked = [];
  const { url } = await receiver(t, (body, count, request) => {
    const action = request.headers['x-amz-target'].split('.')[1];
    const sent = JSON.parse(body);
    asked.push([action, sent]);
    return { status: 200, headers: {}, body: JSON.stringify(answers[action]?.(sent) ?? {}) };
  });
  const environment = { AWS_ENDPOINT_URL_EMR: url };
  const presso = await serverFor(t, { environment, options: ['--clock', 'auto'] });
  return { asked, presso };
}

async function run(presso, action, parameters) {
  const resource = `arn:aws:states:::elasticmapreduce:${action}`;
  const seen = await runTask(clients(presso.url).states, resource, parameters);
  const output = seen.output === undefined ? undefined : JSON.parse(seen.output);
  if (output) for (const name of ['SdkHttpMetadata', 'SdkResponseMetadata']) delete output[name];
  return { ...seen, output };
}

const cluster = { Name: 'c', Instances: { KeepJobFlowAliveWhenNoSteps: true } };

test('a cluster is made, awaited, given a step and ended', async (t) => {
  const states = { cluster: ['STARTING', 'WAITING'], step: ['RUNNING', 'COMPLETED'] };
  const { asked, presso } = await emr(t, {
    RunJobFlow: () => ({ JobFlowId: 'j-1', ClusterArn: 'arn' }),
    DescribeCluster: ({ ClusterId }) => ({
      Cluster: { Id: ClusterId, Status: { State: states.cluster.shift() } },
    }),
    AddJobFlowSteps: () => ({ StepIds: ['s-1'] }),
    DescribeStep: ({ StepId }) => ({
      Step: { Id: StepId, Status: { State: states.step.shift() } },
    }),
    CancelSteps: () => ({ CancelStepsInfoList: [{ StepId: 's-1', Status: 'SUBMITTED' }] }),
  });
  const made = await run(presso, 'createCluster', cluster);
  assert.deepEqual(made.output, { ClusterArn: 'arn', ClusterId: 'j-1' });
  const awaited = await run(presso, 'createCluster.sync', cluster);
  assert.equal(awaited.output.ClusterId, 'j-1');
  assert.equal(awaited.output.Cluster.Status.State, 'WAITING');

  const ClusterId = 'j-1';
  const Step = { Name: 's', HadoopJarStep: { Jar: 'command-runner.jar' } };
  asked.length = 0;
  assert.equal((await run(presso, 'addStep', { ClusterId, Step })).output.StepId, 's-1');
  assert.deepEqual(asked, [['AddJobFlowSteps', { JobFlowId: 'j-1', Steps: [Step] }]]);
  const step = await run(presso, 'addStep.sync', { ClusterId, Step });
  assert.equal(step.output.Step.Status.State, 'COMPLETED');
  assert.equal(step.output.StepId, 's-1');
  asked.length = 0;
  const cancelled = await run(presso, 'cancelStep', { ClusterId, StepId: 's-1' });
  assert.deepEqual(cancelled.output, {
    CancelStepsInfo: { StepId: 's-1', Status: 'SUBMITTED' },
  });
  assert.deepEqual(asked.pop(), ['CancelSteps', { ClusterId: 'j-1', StepIds: ['s-1'] }]);
  const protect = { ClusterId, TerminationProtected: true };
  assert.equal((await run(presso, 'setClusterTerminationProtection', protect)).status, 'SUCCEEDED');
  assert.deepEqual(asked.pop(), [
    'SetTerminationProtection',
    { JobFlowIds: ['j-1'], TerminationProtected: true },
  ]);
  states.cluster = ['TERMINATING', 'TERMINATED'];
  const ended = await run(presso, 'terminateCluster.sync', { ClusterId });
  assert.equal(ended.output.Cluster.Status.State, 'TERMINATED');
});

test('a fleet and a group are found by their names, page after page', async (t) => {
  const { asked, presso } = await emr(t, {
    ListInstanceFleets: ({ Marker }) =>
      Marker === undefined
        ? { InstanceFleets: [{ Id: 'if-1', Name: 'other' }], Marker: 'more' }
        : { InstanceFleets: [{ Id: 'if-2', Name: 'mine' }] },
    ListInstanceGroups: () => ({ InstanceGroups: [{ Id: 'ig-1', Name: 'mine' }] }),
  });
  const ClusterId = 'j-1';
  const fleet = { ClusterId, InstanceFleetName: 'mine', InstanceFleet: { TargetSpotCapacity: 2 } };
  assert.equal((await run(presso, 'modifyInstanceFleetByName', fleet)).status, 'SUCCEEDED');
  assert.deepEqual(asked, [
    ['ListInstanceFleets', { ClusterId }],
    ['ListInstanceFleets', { ClusterId, Marker: 'more' }],
    [
      'ModifyInstanceFleet',
      { ClusterId, InstanceFleet: { InstanceFleetId: 'if-2', TargetSpotCapacity: 2 } },
    ],
  ]);
  asked.length = 0;
  const group = { ClusterId, InstanceGroup: { InstanceGroupName: 'mine', InstanceCount: 8 } };
  assert.equal((await run(presso, 'modifyInstanceGroupByName', group)).status, 'SUCCEEDED');
  assert.deepEqual(asked.pop(), [
    'ModifyInstanceGroups',
    { ClusterId, InstanceGroups: [{ InstanceGroupId: 'ig-1', InstanceCount: 8 }] },
  ]);
  const none = await run(presso, 'modifyInstanceGroupByName', {
    ...group,
    InstanceGroupName: 'nobody',
  });
  assert.match(none.cause, /There is no InstanceGroup with the name 'nobody'/);
});

test('what EMR has and Step Functions has not is refused', async (t) => {
  const { asked, presso } = await emr(t, {
    RunJobFlow: () => ({ JobFlowId: 'j-1' }),
    DescribeCluster: () => ({
      Cluster: { Id: 'j-1', Status: { State: 'TERMINATED_WITH_ERRORS' } },
    }),
  });
  await assert.rejects(run(presso, 'runJobFlow', cluster), /is not recognized/);
  const short = await run(presso, 'createCluster', { Name: 'c', Instances: {} });
  assert.match(short.cause, /'KeepJobFlowAliveWhenNoSteps' must be TRUE/);
  const stepped = await run(presso, 'createCluster', { ...cluster, Steps: [] });
  assert.match(stepped.cause, /The field 'Steps' is not supported/);
  assert.equal(asked.length, 0);
  const failed = await run(presso, 'createCluster.sync', cluster);
  assert.deepEqual([failed.status, failed.error], ['FAILED', 'States.TaskFailed']);
  assert.equal(JSON.parse(failed.cause).ClusterId, 'j-1');
});
