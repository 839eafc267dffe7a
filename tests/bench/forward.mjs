// What `./dev bench forward` measures: a call that presso passes on to a bare server, next to the
// same call of that server itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { load, loadOnce, rates, scratchFolder, share, startHello, withPresso } from './servers.mjs';

const body = { TableName: 'orders', Key: { id: { S: 'o-1' } }, padding: 'x'.repeat(200) };
const work = (inFlight) => ({
  target: 'DynamoDB_20120810.GetItem',
  body,
  connections: inFlight,
  requests: Math.max(40_000 * share, 400),
  expected: 'executionArn',
});

export async function forward(add) {
  const hello = await startHello();
  try {
    const file = join(scratchFolder(), 'presso.yaml');
    writeFileSync(file, JSON.stringify({ routes: { dynamodb: hello.url } }));
    for (const inFlight of [1, 16]) {
      const direct = await load(hello, work(inFlight));
      add(`called directly, ${inFlight} in flight`, direct.perSecond, 'calls/s', rates(direct));
      await withPresso(['--config', file], async (server) => {
        await loadOnce(server, work(inFlight));
        const passed = await load(server, work(inFlight));
        add(`passed on, ${inFlight} in flight`, passed.perSecond, 'calls/s', rates(passed));
      });
    }
  } finally {
    await hello.stop();
  }
}
