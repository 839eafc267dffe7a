// Replays what AWS answered to EventBridge and the Scheduler against a server.
//
// A case is a list of requests; `{"recorded": label}` marks where AWS's answer was taken. Answers
// of other services (messages read from a queue) are left out. What a recording holds a
// placeholder for may be anything; everything else has to be the same.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { clock } from '../e2e/support.mjs';
import { startPresso } from '../../examples/serverlesspresso/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = process.env.PRESSO_RECORDINGS ?? join(here, '../../../shared/aws-recordings');
const folder = join(root, 'events', 'recordings');
const account = '123456789012';
const exceptions = new Map(
  readFileSync(join(here, 'events_exceptions.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')),
);

const scheduler = {
  CreateSchedule: ['POST', '/schedules/', 'Name'],
  GetSchedule: ['GET', '/schedules/', 'Name'],
  UpdateSchedule: ['PUT', '/schedules/', 'Name'],
  DeleteSchedule: ['DELETE', '/schedules/', 'Name'],
  ListSchedules: ['GET', '/schedules'],
  CreateScheduleGroup: ['POST', '/schedule-groups/', 'Name'],
  GetScheduleGroup: ['GET', '/schedule-groups/', 'Name'],
  DeleteScheduleGroup: ['DELETE', '/schedule-groups/', 'Name'],
  ListScheduleGroups: ['GET', '/schedule-groups'],
  ListTagsForResource: ['GET', '/tags/', 'ResourceArn'],
  TagResource: ['POST', '/tags/', 'ResourceArn'],
  UntagResource: ['DELETE', '/tags/', 'ResourceArn'],
};

// What stands for a generated value without saying so.
const generated = /^(datetime|date|timestamp|[a-z-]+-arn|[a-z-]*name|target-id-(one|two))$/;
const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

// Times as the protocol has them, and ARNs that this server made in place of those of the run.
function prepared(value, arns) {
  if (Array.isArray(value)) return value.map((one) => prepared(one, arns));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, prepared(v, arns)]));
  }
  if (typeof value !== 'string') return value;
  if (isTime.test(value)) return Date.parse(value.replace(' ', 'T')) / 1000;
  return arns.get(value) ?? value;
}

// A scenario in several regions says in its labels which one it asked.
function regionOf(steps) {
  const label = steps.find(({ recorded }) => recorded)?.recorded ?? '';
  return /-([a-z]{2}-[a-z]+-\d)$/.exec(label)?.[1] ?? 'us-east-1';
}

class Replay {
  constructor(url) {
    this.url = url;
    this.arns = new Map();
    this.bound = new Map();
    this.found = [];
    this.region = 'us-east-1';
  }

  headers() {
    const scope = `Credential=${account}/20260101/${this.region}/events/aws4_request`;
    return { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` };
  }

  async call(name, params) {
    const [service, operation] = name.split(':');
    const sent = prepared(params ?? {}, this.arns);
    let response;
    if (service === 'scheduler') {
      const [method, path, label] = scheduler[operation];
      const target = label ? path + encodeURIComponent(sent[label]) : path;
      const query = new URLSearchParams();
      for (const key of operation === 'UntagResource' ? sent.TagKeys : []) {
        query.append('TagKeys', key);
      }
      const body = method === 'POST' || method === 'PUT' ? JSON.stringify(sent) : undefined;
      response = await fetch(`${this.url}${target}?${query}`, {
        method,
        headers: { ...this.headers(), 'content-type': 'application/json' },
        body,
      });
    } else {
      response = await fetch(this.url, {
        method: 'POST',
        headers: {
          ...this.headers(),
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSEvents.${operation}`,
        },
        body: JSON.stringify(sent),
      });
    }
    const body = JSON.parse((await response.text()) || '{}');
    if (operation === 'CreateConnection' && body.ConnectionArn) {
      this.arns.set(body.ConnectionArn.replace(/\/[^/]*$/, ''), body.ConnectionArn);
    }
    const ResponseMetadata = { HTTPHeaders: {}, HTTPStatusCode: response.status };
    if (response.ok) return { ...body, ResponseMetadata };
    const Code = (response.headers.get('x-amzn-errortype') ?? body.__type).replace(/^.*#/, '');
    return { Error: { Code, Message: body.message ?? body.Message ?? '' }, ResponseMetadata };
  }

  // A placeholder stands for the same text wherever it comes.
  matchesText(recorded, answered) {
    const names = [];
    const pattern = recorded
      .split(/(<[a-z][a-z0-9_-]*(?::\d+)?>?|\b111111111111\b)/i)
      .map((part) => {
        if (!part.startsWith('<') && part !== '111111111111') {
          return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        }
        names.push(part);
        return '(.*?)';
      })
      .join('');
    const match = new RegExp(`^${pattern}$`, 's').exec(answered);
    if (!match) return false;
    names.forEach((name, i) => {
      if (!this.bound.has(name)) this.bound.set(name, match[i + 1]);
    });
    return true;
  }

  compare(recorded, answered, place) {
    const differ = (what) => this.found.push(`${place}: ${what}`);
    if (typeof recorded === 'string') {
      if (generated.test(recorded)) return;
      if (typeof answered === 'object' && answered !== null) return differ('is no text');
      const same = this.matchesText(recorded, String(answered));
      if (!same) differ(`'${recorded}' is answered with '${answered}'`);
      return;
    }
    if (recorded !== null && typeof recorded === 'object') {
      let value = answered;
      if (typeof value === 'string') {
        try {
          value = JSON.parse(value);
        } catch {
          return differ('is no JSON');
        }
      }
      if (Array.isArray(recorded)) {
        if (!Array.isArray(value)) return differ('is no list');
        if (value.length !== recorded.length) differ(`has ${value.length} items`);
        recorded.forEach((one, i) => this.compare(one, value[i], `${place}[${i}]`));
        return;
      }
      if (value === null || typeof value !== 'object') return differ('is no object');
      for (const key of new Set([...Object.keys(recorded), ...Object.keys(value)])) {
        if (!(key in value)) differ(`${key} is missing`);
        else if (!(key in recorded)) differ(`${key} is not in the recording`);
        else this.compare(recorded[key], value[key], `${place}.${key}`);
      }
      return;
    }
    if (recorded !== answered) differ(`${recorded} is answered with ${answered}`);
  }

  async run(one) {
    let answer;
    let call;
    let isFresh = false;
    for (const [i, step] of one.steps.entries()) {
      if (step.call) {
        call = step.call;
        this.region = regionOf(one.steps.slice(i));
        // The scenario waited until the replay was through.
        if (call === 'events:ListReplays') await clock(this.url, { advance_seconds: 5 });
        answer = await this.call(call, step.params);
        isFresh = true;
      } else {
        const recorded = one.recorded[step.recorded];
        // What is not an answer to the last request was read from a queue, or was waited for.
        const isAnswer = isFresh && recorded?.ResponseMetadata !== undefined;
        if (isAnswer) this.compare(recorded, answer, `${step.recorded} (${call})`);
        isFresh = false;
      }
    }
    return this.found;
  }
}

function cases() {
  const found = [];
  for (const file of readdirSync(folder).sort()) {
    const recording = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const one of recording.cases) {
      const isWhole = one.steps_complete === true && one.recorded !== null;
      const isOurs = (one.steps ?? []).every(
        ({ call }) => !call || /^(events|scheduler):/.test(call),
      );
      if (isWhole && isOurs) found.push(one);
    }
  }
  return found;
}

test('what AWS answered to EventBridge and the Scheduler is answered', async (t) => {
  if (!existsSync(folder)) return t.skip(`there are no recordings in ${folder}`);
  const presso = await startPresso({ options: ['--account', account] });
  t.after(() => presso.stop());
  const mistakes = [];
  let passed = 0;
  const all = cases();
  for (const one of all) {
    await fetch(`${presso.url}/_presso/reset`, { method: 'POST' });
    const found = await new Replay(presso.url).run(one);
    const reason = exceptions.get(one.id);
    if (found.length === 0 && !reason) passed += 1;
    else if (found.length === 0) mistakes.push(`${one.id}\n    passes, its line has to go`);
    else if (!reason) mistakes.push(`${one.id}\n    ${found.slice(0, 6).join('\n    ')}`);
  }
  console.log(`replayed ${all.length}, passed ${passed}, excepted ${exceptions.size}`);
  assert.equal(mistakes.length, 0, `${mistakes.length} cases:\n\n${mistakes.join('\n\n')}`);
});
