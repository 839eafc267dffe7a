// Compares an answer with a recorded one. What differs from run to run is a placeholder in the
// recording: some stand for a value wherever the same one appears (`<uuid:1>`), they are bound at
// their first meeting and hold from then on; some are words for any value at all.

const anyValue = new Set([
  'datetime',
  'timestamp',
  'date',
  'x-amzn-RequestId',
  'RequestId',
  'X-Amzn-Trace-Id',
  'x-amz-crc32',
  '<request_id>',
  '<extended_request_id>',
  'log_group_name',
  'generated-uuid',
]);

// What a mocked answer does not hold.
const notMocked =
  /\.(Sdk(Http|Response)Metadata|ExecutedVersion|Redrive\w+)$|taskSubmitted.*\.output\./;

// How long something took, which is another time here.
const timed = /\.billedDurationInMilliseconds$/;

const isoDate = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/g;
const recordedRoles = /arn:<partition>:iam::111111111111:role\/<resource:\d+>/g;
const roles = /arn:aws:iam::111111111111:role\/[\w-]*sfn-role[\w-]*/g;

// A python pattern: JavaScript has no flags inside a pattern.
function toPattern(text) {
  const insensitive = text.startsWith('(?i)');
  return new RegExp(insensitive ? text.slice(4) : text, insensitive ? 'gi' : 'g');
}

const escapePattern = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// The comparison of one case; keeps what the case's placeholders are bound to.
export class Comparison {
  // lengthsVary: answers of services hold names that are longer or shorter than AWS's were.
  constructor(placeholders = [], lengthsVary = false) {
    this.lengthsVary = lengthsVary;
    this.texts = placeholders.filter((one) => one.text_matching !== undefined);
    this.patterns = this.texts.map((one) => [toPattern(one.text_matching), one.shown_as]);
    this.anyValue = new Set(anyValue);
    for (const one of placeholders) {
      if (one.values_at !== undefined) this.anyValue.add(one.shown_as);
    }
    this.literal = new Set(['<partition>', '<region>', ...this.texts.map((one) => one.shown_as)]);
    this.bound = new Map();
    this.newer = new Set(); // members that AWS showed only after this was recorded
    this.countsAttempts = true;
    this.isMocked = false;
  }

  // An answer's text as a recording would show it, but for the placeholders that are bound.
  shown(text) {
    let result = text;
    for (const [pattern, shownAs] of this.patterns) {
      result = result.replace(pattern, () => shownAs);
    }
    if (!this.countsAttempts) result = result.replace(/ \(SDK Attempt Count: \d+\)/g, '');
    return result
      .replace(/log-group:[^:]+/g, 'log-group:log_group_name')
      .replace(roles, 'snf_role_arn')
      .replaceAll('arn:aws:', 'arn:<partition>:')
      .replaceAll('us-east-1', '<region>')
      .replace(isoDate, 'date');
  }

  // What differs, as lines "path: recorded ... answered ...".
  differences(recorded, answered, path = '') {
    if (timed.test(path) && typeof answered === typeof recorded) return [];
    if (typeof recorded === 'string') return this.differencesOfText(recorded, answered, path);
    if (recorded === null || typeof recorded !== 'object') {
      return recorded === answered ? [] : [line(path, recorded, answered)];
    }
    const value = typeof answered === 'string' ? parsed(answered) : answered;
    if (value === null || typeof value !== 'object') return [line(path, recorded, answered)];
    if (Array.isArray(recorded) !== Array.isArray(value)) return [line(path, recorded, answered)];
    const keys = new Set([...Object.keys(recorded), ...Object.keys(value)]);
    const found = [];
    for (const key of keys) {
      const at = `${path}.${key}`;
      if (this.isMocked && notMocked.test(at)) continue;
      if (!(key in value)) found.push(`${at}: recorded ${brief(recorded[key])} absent`);
      else if (!(key in recorded) && this.newer.has(key)) continue;
      else if (!(key in recorded)) found.push(`${at}: not recorded, answered ${brief(value[key])}`);
      else found.push(...this.differences(recorded[key], value[key], at));
    }
    return found;
  }

  differencesOfText(recorded, answered, path) {
    if (this.lengthsVary && /Content-Length(\.0)?$/.test(path)) return [];
    if (this.anyValue.has(recorded)) return [];
    if (typeof answered !== 'string') return [line(path, recorded, answered)];
    const shown = this.shown(answered);
    const wanted = recorded
      .replaceAll('sfn_role_arn', 'snf_role_arn')
      .replace(recordedRoles, 'snf_role_arn')
      .replace(isoDate, 'date');
    return this.binds(wanted, shown) ? [] : [line(path, wanted, shown)];
  }

  binds(wanted, shown) {
    if (wanted === shown) return true;
    const names = [];
    const parts = wanted.split(/(<<?[A-Za-z][\w:.>-]*>)/);
    const pattern = parts.map((part, index) => {
      if (index % 2 === 0 || this.literal.has(part)) return escapePattern(part);
      if (this.bound.has(part)) return escapePattern(this.bound.get(part));
      const again = names.indexOf(part);
      if (again >= 0) return `\\${again + 1}`;
      names.push(part);
      return part.startsWith('<uuid:') ? '([0-9a-fA-F-]{36})' : '(.+?)';
    });
    const found = shown.match(new RegExp(`^${pattern.join('')}$`, 's'));
    if (!found) return false;
    names.forEach((name, index) => this.bound.set(name, found[index + 1]));
    return true;
  }

  // As differences(), and undoes what was bound if there are any.
  attempt(recorded, answered, path) {
    const before = new Map(this.bound);
    const found = this.differences(recorded, answered, path);
    if (found.length > 0) this.bound = before;
    return found;
  }

  // The events of concurrent branches have the order of one run: then each recorded event needs one
  // of ours that follows what it follows. What joins branches follows whichever came last. Some
  // recordings have lost the order, and the join's success; their events' ids are lists. A
  // history without an end was asked
  // for while the execution ran, which virtual time has ended since.
  historyDifferences(recorded, answered, concurrent, path) {
    const ended = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;
    if (!ended.test(recorded.events.at(-1)?.type) && Array.isArray(answered.events)) {
      const events = answered.events.slice(0, recorded.events.length);
      return this.attempt(recorded, { ...answered, events }, path);
    }
    const found = this.attempt(recorded, answered, path);
    if (found.length === 0 || !concurrent || !Array.isArray(answered.events)) return found;
    const unordered = recorded.events.some((event) => Array.isArray(event.id));
    const left = [...answered.events];
    const ours = new Map([[0, 0]]);
    for (const event of recorded.events) {
      const at = left.findIndex((one) => this.follows(event, one, ours));
      if (at < 0) return found;
      ours.set(event.id, left[at].id);
      left.splice(at, 1);
    }
    const lost = (one) => unordered && one.type === 'ParallelStateSucceeded';
    return left.every(lost) ? [] : found;
  }

  follows(event, one, ours) {
    const joins = /^(Parallel|Map)State(Succeeded|Failed|Exited)$|^Execution(Failed|Succeeded)$/;
    if (event.type !== one.type) return false;
    const free = joins.test(event.type) || Array.isArray(event.id);
    if (!free && ours.get(event.previousEventId) !== one.previousEventId) return false;
    const { id, previousEventId } = event;
    return this.attempt(event, { ...one, id, previousEventId }, '').length === 0;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function brief(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function line(path, recorded, answered) {
  return `${path}: recorded ${brief(recorded)} answered ${brief(answered)}`;
}
