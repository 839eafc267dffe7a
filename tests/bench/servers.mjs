// The servers that are measured, what they cost, and the load that is put on them.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { freePort, pressoBinary, startPresso } from '../../examples/serverlesspresso/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const build = process.env.PRESSO_BUILD ?? join(here, '..', '..', 'build');
const program = (name) => join(build, 'tests', `bench_${name}`);
const run = promisify(execFile);

// On the disk of the build folder, since a temporary one may be memory.
mkdirSync(build, { recursive: true });
const scratch = mkdtempSync(join(build, 'bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
export const scratchFolder = () => mkdtempSync(join(scratch, 'data-'));

// How much of the load: a tenth shows that everything works, and little more.
export const share = process.argv.includes('--quick') ? 0.1 : 1;
export const durable = () => ['--data', scratchFolder()];
export const roleArn = 'arn:aws:iam::000000000000:role/bench';

export const rates = ({ p50, p99, cpu, others }) => ({
  p50: p50 / 1000,
  p99: p99 / 1000,
  cpu,
  others,
});

function bodyFile(body) {
  const file = join(scratch, 'body.json');
  writeFileSync(file, JSON.stringify(body));
  return file;
}

// ---- servers ----
export async function startHello() {
  const child = spawn(program('hello'), { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk)));
    child.once('error', reject);
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill();
    return exited;
  };
  return { url: line.split(' ')[0], port: Number(/:(\d+) /.exec(line)[1]), pid: child.pid, stop };
}

// A server of its own for `measure`, ended after it.
export async function withPresso(options, measure) {
  const server = await startPresso({ options });
  try {
    return await measure({ ...server, call: (target, body) => call(server.url, target, body) });
  } finally {
    await server.stop();
  }
}

// By node:http, which costs the client a third of what fetch does: a hundred thousand rules are
// made so.
const agent = new Agent({ keepAlive: true });

export function call(url, target, body) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${target}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

// ---- what they cost ----
export function memoryBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)[1]) * 1024;
}

const tickMicroseconds = 10_000; // of /proc: a hundredth of a second, on every Linux

// Microseconds.
export function processCpu(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMicroseconds;
}

// Of the whole machine, all processors together.
function machineCpu() {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1);
  const [user, nice, system, , , irq, softirq] = fields.map(Number);
  return (user + nice + system + irq + softirq) * tickMicroseconds;
}

// ---- load ----
async function loadgen(options) {
  const { stdout } = await run(program('loadgen'), options.map(String));
  return JSON.parse(stdout);
}

// One round: microseconds, and requests a second. `others` is how many processors were busy with
// something that is neither the server nor the load: above a half, the figures are too low.
async function round(server, { target, body, connections = 16, requests, expected = '' }, settle) {
  const file = bodyFile(body);
  const before = { server: processCpu(server.pid), machine: machineCpu(), time: process.hrtime() };
  const answer = await loadgen([
    'load',
    server.port,
    target,
    file,
    connections,
    requests,
    expected,
  ]);
  if (answer.failed > 0) throw new Error(`${answer.failed} of ${requests} ${target} failed`);
  const elapsed = answer.elapsed + (await settle()) * 1000;
  const [seconds, nanoseconds] = process.hrtime(before.time);
  const cpu = processCpu(server.pid) - before.server;
  const other = machineCpu() - before.machine - cpu - answer.cpu;
  return {
    perSecond: (requests / elapsed) * 1e6,
    cpu: cpu / requests,
    p50: answer.p50,
    p99: answer.p99,
    others: Math.max(0, other / (seconds * 1e6 + nanoseconds / 1000)),
  };
}

// The median of three rounds. `settle` waits until the work is done and tells how many
// milliseconds of that count.
export async function load(server, work, settle = async () => 0) {
  const rounds = [];
  for (let i = 0; i < 3; i += 1) rounds.push(await round(server, work, settle));
  return rounds.sort((a, b) => a.perSecond - b.perSecond)[1];
}

// One round, where there is nothing to repeat.
export const loadOnce = (server, work) => round(server, work, async () => 0);

// Milliseconds from the start of the process to the end of its first answer: the median of eleven.
export async function firstAnswer(command) {
  const list = 'AWSStepFunctions.ListStateMachines';
  const times = [];
  for (let i = 0; i < 11; i += 1) {
    const port = await freePort();
    const line = command.map((part) => (part === '{port}' ? String(port) : part));
    const answer = await loadgen(['start', port, list, bodyFile({}), ...line]);
    times.push(answer.first_answer / 1000);
  }
  return times.sort((a, b) => a - b)[5];
}

export const helloCommand = [program('hello'), '{port}'];
export const pressoCommand = () => {
  return [pressoBinary, 'serve', '--port', '{port}', '--data', scratchFolder()];
};
