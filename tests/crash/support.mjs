// What the tests that kill the server share.
import assert from 'node:assert/strict';

// mulberry32: enough to choose moments.
export function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Client {
  constructor(url) {
    this.url = url;
  }

  // The answer, or nothing when the server died before it came.
  async call(target, body) {
    let response;
    try {
      response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return undefined;
    }
  }
  async must(target, body) {
    const answer = await this.call(target, body);
    assert.equal(answer?.status, 200, JSON.stringify(answer));
    return answer.body;
  }
}
