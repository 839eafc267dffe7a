// The reference implementation in a thread of its own: what it is asked is {expr, data}, what it
// answers {result}, {undefined}, {error: {code, message}}, or `crash` where it fails without a code
// of its own. `input` is what is left of the data where the evaluation has changed it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

const jsonata = createRequire(path.join(workerData.folder, 'package.json'))('jsonata');

function hideFunctions(key, value) {
  return value?._jsonata_lambda || value?._jsonata_function ? undefined : value;
}

async function answer({ expr, data }) {
  try {
    const expression = jsonata(expr, { timeout: 2000, stack: 2000 });
    const result = await expression.evaluate(data);
    if (result === undefined || typeof result === 'function') return { undefined: true };
    if (result?._jsonata_lambda || result?._jsonata_function) return { undefined: true };
    return { result: JSON.parse(JSON.stringify(result, hideFunctions)) };
  } catch (error) {
    if (typeof error.code === 'string' && /^[SDTU]\d/.test(error.code)) {
      return { error: { code: error.code, message: String(error.message) } };
    }
    return { crash: String(error.message ?? error) };
  }
}

parentPort.on('message', async (request) => {
  const given = JSON.stringify(request.data);
  const found = await answer(request);
  const left = JSON.stringify(request.data);
  parentPort.postMessage(left === given ? found : { ...found, input: left });
});
