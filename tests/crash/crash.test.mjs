// kill -9 at random moments under load: whatever was acknowledged has had its effect after the
// restart. PRESSO_ROUNDS sets the rounds (20), PRESSO_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startPresso } from '../../examples/serverlesspresso/servers.mjs';
import { eventually, receiver, role, temporaryFolder } from '../e2e/support.mjs';
import { Client, random } from './support.mjs';

const rounds = Number(process.env.PRESSO_ROUNDS ?? 20);
const seed = Number(process.env.PRESSO_SEED ?? Date.now() % 1_000_000);

const pass = { StartAt: 'A', States: { A: { Type: 'Pass', Result: { done: true }, End: true } } };
const asks = {
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
            Source: 'crash',
            DetailType: 'asked',
            Detail: { 'token.$': '$$.Task.Token', 'execution.$': '$$.Execution.Id' },
          },
        ],
      },
      End: true,
    },
  },
};

async function setUp(client, targetUrl) {
  const create = async (name, definition) =>
    (
      await client.must('AWSStepFunctions.CreateStateMachine', {
        name,
        definition: JSON.stringify(definition),
        roleArn: role,
      })
    ).stateMachineArn;
  const machines = { pass: await create('pass', pass), asks: await create('asks', asks) };
  const rule = async (Name, source, Arn) => {
    await client.must('AWSEvents.PutRule', {
      Name,
      EventBusName: 'Serverlesspresso',
      EventPattern: JSON.stringify({ source: [source] }),
    });
    await client.must('AWSEvents.PutTargets', {
      Rule: Name,
      EventBusName: 'Serverlesspresso',
      Targets: [{ Id: 'one', Arn }],
    });
  };
  await rule('tell', 'crash', targetUrl);
  return machines;
}

// Everything that a client was told is done.
class Told {
  started = new Map(); // execution ARN → machine
  answered = new Set(); // execution ARNs whose task was answered
  put = new Set(); // event ids
}

async function load(client, machines, told, asked, round, isOver) {
  const worker = async (index) => {
    for (let i = 0; !isOver(); i += 1) {
      const name = `r${round}-w${index}-${i}`;
      const kind = (index + i) % 3;
      if (kind === 2) {
        const answer = await client.call('AWSEvents.PutEvents', {
          Entries: [
            {
              EventBusName: 'Serverlesspresso',
              Source: 'crash',
              DetailType: 'put',
              Detail: JSON.stringify({ name }),
            },
          ],
        });
        if (answer?.status === 200) told.put.add(answer.body.Entries[0].EventId);
      } else {
        const machine = kind === 0 ? 'pass' : 'asks';
        const answer = await client.call('AWSStepFunctions.StartExecution', {
          stateMachineArn: machines[machine],
          name,
        });
        if (answer?.status === 200) told.started.set(answer.body.executionArn, machine);
      }
      const open = asked.shift();
      if (open === undefined) continue;
      const answer = await client.call('AWSStepFunctions.SendTaskSuccess', {
        taskToken: open.token,
        output: '"yes"',
      });
      if (answer === undefined) asked.push(open);
      if (answer?.status === 200) told.answered.add(open.execution);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, index) => worker(index)));
}

test(`what was acknowledged survives ${rounds} kills (seed ${seed})`, async (t) => {
  const next = random(seed);
  const data = temporaryFolder(t);
  const asked = [];
  const seen = new Set();
  const target = await receiver(t, (body) => {
    const event = JSON.parse(body);
    const isNew = !seen.has(event.id);
    seen.add(event.id);
    if (isNew && event['detail-type'] === 'asked') asked.push(event.detail);
    return 200;
  });
  const told = new Told();
  const options = ['--data', data];
  let presso = await startPresso({ options });
  const machines = await setUp(new Client(presso.url), `${target.url}/events`);

  for (let round = 0; round < rounds; round += 1) {
    let isOver = false;
    const busy = load(new Client(presso.url), machines, told, asked, round, () => isOver);
    await new Promise((resolve) => setTimeout(resolve, 20 + next() * 300));
    await presso.kill();
    isOver = true;
    await busy;
    presso = await startPresso({ options });
  }
  t.after(() => presso.stop());

  const client = new Client(presso.url);
  const describe = (executionArn) =>
    client.must('AWSStepFunctions.DescribeExecution', { executionArn });
  for (const [executionArn, machine] of told.started) {
    if (machine === 'pass') {
      const execution = await eventually(async () => {
        const found = await describe(executionArn);
        return found.status !== 'RUNNING' && found;
      });
      assert.equal(execution.status, 'SUCCEEDED', executionArn);
      assert.equal(execution.output, '{"done":true}', executionArn);
    } else if (!told.answered.has(executionArn)) {
      await describe(executionArn);
    }
  }
  for (const executionArn of told.answered) {
    const execution = await describe(executionArn);
    assert.equal(execution.status, 'SUCCEEDED', executionArn);
    assert.equal(execution.output, '"yes"', executionArn);
  }
  await eventually(
    () => [...told.put].every((id) => seen.has(id)),
    'the delivery of every event',
    30_000,
  );
  t.diagnostic(
    `${told.started.size} executions, ${told.answered.size} answers, ${told.put.size} events told`,
  );
  assert.ok(told.started.size > rounds && told.put.size > rounds, 'the load was not empty');
});
