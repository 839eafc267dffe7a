// Random expressions over random data, given to presso and to the reference implementation:
//
//   node tests/jsonata/differential.mjs [--pairs 100000] [--seed N]
//
// The reference is the npm package `jsonata`, found where ./dev installs packages or in the folder
// that PRESSO_JSONATA names; presso is build/presso, or what PRESSO_BIN names. Prints the seed, the
// differences that `explained.mjs` does not explain, and their number; any makes the exit status 1.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { explanation } from './explained.mjs';
import { Expressions, random, randomData, randomTable } from './generate.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: process.env.PRESSO_SEED ?? String(Date.now() % 1e9) },
    shown: { type: 'string', default: '40' },
  },
});
const pairs = Number(options.pairs);
const seed = Number(options.seed);

function startPresso() {
  const program = process.env.PRESSO_BIN ?? path.join(root, 'build/presso');
  const child = spawn(program, ['eval-jsonata'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(JSON.stringify(request) + '\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`presso ended at ${JSON.stringify(request)}`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

// The reference keeps some of each expression: a thread does not live for more than these pairs.
const kPairsOfThread = 5_000;
// One expression may need all the memory there is, or never end: its thread is then given up.
const kReferenceMegabytes = 768;
const kReferenceMilliseconds = 20_000;

class Reference {
  async ask(request) {
    if (this.asked === kPairsOfThread) await this.end();
    this.asked = (this.thread ? this.asked : 0) + 1;
    this.thread ??= new Worker(new URL('reference.mjs', import.meta.url), {
      workerData: { folder: process.env.PRESSO_JSONATA ?? root },
      resourceLimits: { maxOldGenerationSizeMb: kReferenceMegabytes },
    });
    const { thread } = this;
    const answer = await new Promise((resolve) => {
      const late = setTimeout(() => settle({ lost: 'no end' }), kReferenceMilliseconds);
      const failed = (error) => settle({ lost: String(error) });
      const settle = (value) => {
        clearTimeout(late);
        thread.off('message', settle).off('error', failed);
        resolve(value);
      };
      thread.once('message', settle).once('error', failed);
      thread.postMessage(request);
    });
    if (!('lost' in answer)) return answer;
    await this.end();
    return { crash: answer.lost };
  }

  async end() {
    const { thread } = this;
    this.thread = undefined;
    thread?.on('error', () => {});
    await thread?.terminate();
  }
}

function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}

function isSame(reference, presso) {
  if ('error' in reference) return presso.error?.code === reference.error.code;
  if ('undefined' in reference) return presso.undefined === true;
  return (
    'result' in presso &&
    JSON.stringify(canonical(reference.result)) === JSON.stringify(canonical(presso.result))
  );
}

const theReference = new Reference();
const presso = startPresso();
const counts = { same: 0, values: 0, errors: 0, crashes: 0, explained: {}, different: 0 };
console.log(`seed ${seed}, ${pairs} pairs`);
for (let i = 0; i < pairs; i++) {
  const r = random(seed + i);
  const data = r.chance(0.6) ? randomTable(r) : randomData(r);
  const request = { expr: new Expressions(r).any(1 + r.below(4)), data };
  const [reference, answer] = await Promise.all([
    theReference.ask(request),
    presso.ask(request),
  ]);
  if ('crash' in reference) {
    counts.crashes++;
  } else if (isSame(reference, answer)) {
    counts.same++;
    if ('result' in reference) counts.values++;
    if ('error' in reference) counts.errors++;
  } else {
    const why = explanation(request, reference, answer);
    if (why) {
      counts.explained[why] = (counts.explained[why] ?? 0) + 1;
      continue;
    }
    counts.different++;
    if (counts.different > Number(options.shown)) continue;
    console.log(`\nseed ${seed + i}: ${request.expr}\n  data      ${JSON.stringify(data)}`);
    const { error } = reference;
    const shown = error ? { error: { code: error.code, message: error.message } } : reference;
    console.log(`  reference ${JSON.stringify(shown)}\n  presso    ${JSON.stringify(answer)}`);
  }
}
presso.end();
await theReference.end();
console.log(JSON.stringify(counts));
process.exitCode = counts.different > 0 ? 1 : 0;
