// eks:call and eks:runJob against a server that speaks Kubernetes' API: plain, as `kubectl proxy`
// has it, and over TLS with a certificate that only the task believes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { test } from 'node:test';

import { certificate, clients, runTask, serverFor, temporaryFolder } from './support.mjs';

const unauthorized = { kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 };
const job = { metadata: { name: 'roast', namespace: 'beans' }, kind: 'Job' };

// A cluster in which a job ends after it has been asked about `polls` times.
async function cluster(t, { files, polls = 1, end = 'Complete' } = {}) {
  const seen = [];
  let asked = 0;
  const answer = (method, url, body) => {
    if (url.includes('/secrets')) return [401, unauthorized];
    if (method === 'POST') return [201, { ...job, spec: body.spec }];
    if (url.includes('/log')) return url.includes('grinder') ? [200, { grams: 18 }] : [500, 'no'];
    if (url.includes('/pods')) {
      const spec = { containers: [{ name: 'grinder' }, { name: 'steamer' }] };
      return [200, { items: [{ metadata: { name: 'pod-1' }, spec }] }];
    }
    if (!url.includes('/jobs/')) return [200, 'ok'];
    const conditions = ++asked > polls ? [{ type: end, status: 'True' }] : [];
    return [200, { ...job, status: { conditions } }];
  };
  const handler = (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const text = Buffer.concat(chunks).toString();
      seen.push({ method, url, headers, text });
      const [status, body] = answer(method, url, text && JSON.parse(text));
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  };
  const server = files
    ? createSecureServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, handler)
    : createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const scheme = files ? 'https' : 'http';
  return { Endpoint: `${scheme}://localhost:${server.address().port}`, seen };
}

const run = (presso, action, parameters) =>
  runTask(clients(presso.url).states, `arn:aws:states:::eks:${action}`, parameters);

test('any request of the API is made, and its answer shown', async (t) => {
  const { Endpoint, seen } = await cluster(t);
  const presso = await serverFor(t);
  const ClusterName = 'c';
  const { output } = await run(presso, 'call', {
    ClusterName,
    Endpoint,
    Method: 'GET',
    Path: '/api/v1/namespaces/beans/pods',
    QueryParameters: { labelSelector: ['job-name=roast'] },
  });
  const { ResponseBody, StatusCode, StatusText } = JSON.parse(output);
  assert.equal(ResponseBody.items[0].metadata.name, 'pod-1');
  assert.deepEqual([StatusCode, StatusText], [200, 'OK']);
  assert.equal(seen[0].url, '/api/v1/namespaces/beans/pods?labelSelector=job-name%3Droast');
  assert.equal(seen[0].headers.authorization, undefined);
  const failed = await run(presso, 'call', {
    ClusterName, Endpoint, Method: 'GET', Path: '/api/v1/secrets',
  });
  assert.equal(failed.error, 'EKS.401');
  assert.deepEqual(JSON.parse(failed.cause), {
    ResponseBody: unauthorized,
    StatusCode: 401,
    StatusText: 'Unauthorized',
  });
  const wrong = await run(presso, 'call', { ClusterName, Endpoint, Method: 'LIST', Path: '/' });
  assert.match(wrong.cause, /The field 'Method' must be one of GET/);
});

test('a cluster is believed by the authority that the task names, and told who asks', async (t) => {
  const files = certificate(temporaryFolder(t));
  const { Endpoint, seen } = await cluster(t, { files });
  const presso = await serverFor(t, {
    environment: { AWS_ACCESS_KEY_ID: 'AKIAME', AWS_SECRET_ACCESS_KEY: 's' },
  });
  const call = { ClusterName: 'kitchen', Endpoint, Method: 'GET', Path: '/livez' };
  const CertificateAuthority = readFileSync(files.cert).toString('base64');
  const { status, output } = await run(presso, 'call', { ...call, CertificateAuthority });
  assert.deepEqual([status, JSON.parse(output).ResponseBody], ['SUCCEEDED', 'ok']);
  const [, token] = /^Bearer k8s-aws-v1\.([\w-]+)$/.exec(seen[0].headers.authorization);
  const url = new URL(Buffer.from(token, 'base64url').toString());
  assert.equal(url.host, 'sts.us-east-1.amazonaws.com');
  assert.equal(url.searchParams.get('Action'), 'GetCallerIdentity');
  assert.match(url.searchParams.get('X-Amz-Credential'), /^AKIAME\/\d+\/us-east-1\/sts\//);
  assert.equal(url.searchParams.get('X-Amz-SignedHeaders'), 'host;x-k8s-aws-id');
  assert.match(url.searchParams.get('X-Amz-Signature'), /^[0-9a-f]{64}$/);

  const none = await run(presso, 'call', call);
  assert.match(none.cause, /The field 'CertificateAuthority' is required but was missing/);
  const other = certificate(temporaryFolder(t));
  const doubted = await run(presso, 'call', {
    ...call,
    CertificateAuthority: readFileSync(other.cert).toString('base64'),
  });
  assert.equal(doubted.error, 'EKS.SdkClientException');
  assert.match(doubted.cause, /certificate verify failed/);
  assert.equal(seen.length, 1);
});

test('a job is created, awaited, and its logs are read', async (t) => {
  const Job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'roast' }, spec: {} };
  const { Endpoint, seen } = await cluster(t, { polls: 2 });
  const presso = await serverFor(t, { options: ['--clock', 'auto'] });
  const made = { ClusterName: 'c', Endpoint, Namespace: 'beans', Job };
  const begun = JSON.parse((await run(presso, 'runJob', made)).output);
  assert.deepEqual([begun.StatusCode, begun.StatusText], [201, 'Created']);
  assert.equal(seen[0].url, '/apis/batch/v1/namespaces/beans/jobs');
  assert.deepEqual(JSON.parse(seen[0].text), Job);

  const plain = JSON.parse((await run(presso, 'runJob.sync', made)).output);
  assert.equal(plain.status.conditions[0].type, 'Complete');
  assert.equal(plain.logs, undefined);
  const LogOptions = { RetrieveLogs: true, LogParameters: { tailLines: ['6'] } };
  const { output } = await run(presso, 'runJob.sync', { ...made, LogOptions });
  const { containers } = JSON.parse(output).logs.pods['pod-1'];
  assert.deepEqual(containers.grinder, { log: { grams: 18 } });
  assert.equal(containers.steamer.error, 'EKS.500');
  const log = '/api/v1/namespaces/beans/pods/pod-1/log?container=grinder&tailLines=6';
  assert.ok(seen.some(({ url }) => url === log));

  const failing = await cluster(t, { end: 'Failed' });
  const failed = await run(presso, 'runJob.sync', { ...made, Endpoint: failing.Endpoint });
  assert.deepEqual([failed.status, failed.error], ['FAILED', 'States.TaskFailed']);
  assert.equal(JSON.parse(failed.cause).status.conditions[0].type, 'Failed');
});
