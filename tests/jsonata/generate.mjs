// Random data and random JSONata expressions over it, from a seed. The expressions are of the kinds
// people write and of the kinds that break engines; most are valid, and many meet what they do not
// expect.

// mulberry32: small, seeded, good enough to choose with.
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound) => Math.floor(next() * bound);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick, chance: (p) => next() < p };
}

const names = ['a', 'b', 'c', 'id', 'name', 'price', 'items', 'tags', 'order'];
const words = [
  '',
  'x',
  'abc',
  'Hello World',
  'a,b,c',
  '12',
  '-3.5',
  'é',
  '😀z',
  'aXbXc',
  '2020-02-29',
  '2018-05-06T10:11:12.345Z',
  'foo bar  baz ',
  'TRUE',
  '0x1F',
  'ß',
  '100%',
  'a/b?c=d&e',
];
const numbers = [
  0, 1, 2, 3, -1, -2, 10, 42, 0.5, 1.5, 2.5, -0.5, 99.99, 1e3, 1e21, 1e-7, 123456789, 0.1,
  1510067557121, 3.14159, 1000000,
];

export function randomData(r, depth = 0) {
  const roll = r.below(depth > 3 ? 5 : 10);
  if (roll < 2) return r.pick(numbers);
  if (roll < 4) return r.pick(words);
  if (roll === 4) return r.pick([true, false, null]);
  if (roll < 7) return Array.from({ length: r.below(5) }, () => randomData(r, depth + 1));
  const object = {};
  for (let i = r.below(5); i >= 0; i--) object[r.pick(names)] = randomData(r, depth + 1);
  return object;
}

// A table of records: what filters, sorts and groups are for.
export function randomTable(r) {
  const row = (i) => {
    const record = { id: i, name: r.pick(words), price: r.pick(numbers), tags: [] };
    for (let n = r.below(3); n > 0; n--) record.tags.push(r.pick(words));
    if (r.chance(0.3)) record.order = { a: r.below(3), items: [{ b: r.below(3) }, { b: 'q' }] };
    if (r.chance(0.1)) delete record.price;
    return record;
  };
  const items = Array.from({ length: r.below(6) }, (_, i) => row(i));
  return { items, a: randomData(r, 2), order: { items: items.slice(0, 2), name: r.pick(words) } };
}

const unary = [
  '$string',
  '$length',
  '$uppercase',
  '$lowercase',
  '$trim',
  '$number',
  '$abs',
  '$floor',
  '$ceil',
  '$round',
  '$sqrt',
  '$boolean',
  '$not',
  '$exists',
  '$type',
  '$keys',
  '$spread',
  '$sum',
  '$count',
  '$max',
  '$min',
  '$average',
  '$reverse',
  '$distinct',
  '$sort',
  '$merge',
  '$base64encode',
  '$base64decode',
  '$encodeUrl',
  '$encodeUrlComponent',
  '$decodeUrl',
  '$decodeUrlComponent',
  '$toMillis',
  '$fromMillis',
  '$zip',
  '$join',
  '$clone',
];
const binaryFunctions = [
  '$append',
  '$substringBefore',
  '$substringAfter',
  '$contains',
  '$split',
  '$join',
  '$lookup',
  '$power',
  '$round',
  '$pad',
  '$formatBase',
  '$zip',
  '$substring',
  '$string',
];
const higher = ['$map', '$filter', '$each', '$sift', '$single', '$sort'];
const numberPictures = [
  '0',
  '#,##0.00',
  '0.0#',
  '00.000',
  '0%',
  '#0.0e0',
  '#,##,#0',
  '000',
  '0;(0)',
  '#',
  '.00',
  '0.00‰',
  '1#',
  '#,#',
];
const integerPictures = [
  '0',
  '000',
  '#,##0',
  'i',
  'I',
  'a',
  'A',
  'w',
  'W',
  'Ww',
  '0;o',
  'w;o',
  'Ww;o',
  '٠',
  '#:###:0',
  '0,00',
];
const timePictures = [
  '[Y0001]-[M01]-[D01]',
  '[D1o] [MNn] [Y]',
  '[H01]:[m01]:[s01].[f001]',
  '[FNn]',
  '[h]:[m] [P]',
  '[X0001]-W[W01]-[F1]',
  '[Z]',
  '[z]',
  '[Y,2]',
  '[MN,*-3]',
  '[d]',
  '[w] [xNn]',
  '[Dwo]',
  '[YI]',
  '[[x]]',
];
const wholePictures = [
  '[Y0001]-[M01]-[D01]',
  '[D1o] [MNn] [Y]',
  '[Y]-[M]-[D]T[H]:[m]:[s].[f001][Z]',
  '[D] [MNn,3-3] [Y0001] [h]:[m] [P]',
  '[Y0001][M01][D01]',
  '[Y]-[d]',
  '[Yw], [MNn] [Dwo]',
  '[YI] [M] [D] [z]',
];
const regexes = [
  '/a/',
  '/[a-c]+/i',
  '/(b)(x)?/',
  '/\\d+/',
  '/\\s/',
  '/^./',
  '/(\\w+) (\\w+)/',
  '/X|,/',
  '/$/',
  '/[^a]/',
  '/é/i',
];

const quoted = (text) => JSON.stringify(text);

export class Expressions {
  constructor(r) {
    this.r = r;
    this.variables = [];
  }

  any(depth) {
    const { r } = this;
    if (depth <= 0) return this.leaf();
    const kinds = [
      () => this.path(depth),
      () => this.path(depth),
      () => this.path(depth),
      () => this.operation(depth),
      () => this.operation(depth),
      () => this.call(depth),
      () => this.call(depth),
      () => this.call(depth),
      () => this.array(depth),
      () => this.object(depth),
      () => this.block(depth),
      () => this.condition(depth),
      () => this.higherOrder(depth),
      () => this.higherOrder(depth),
      () => this.apply(depth),
      () => this.pictured(depth),
      () => this.pattern(depth),
      () => this.transform(depth),
      () => this.lambdaCall(depth),
    ];
    return r.pick(kinds)();
  }

  leaf() {
    const { r } = this;
    const roll = r.below(12);
    if (roll < 3) return r.pick(names);
    if (roll < 5) return String(r.pick([...numbers.filter((n) => n >= 0 && n < 1e6)]));
    if (roll < 7) return quoted(r.pick(words));
    if (roll === 7) return r.pick(['true', 'false', 'null']);
    if (roll === 8) return '$';
    if (roll === 9) return '$$';
    if (roll === 10 && this.variables.length > 0) return r.pick(this.variables);
    return r.pick(names);
  }

  step(depth) {
    const { r } = this;
    const roll = r.below(14);
    if (roll < 8) return r.pick(names);
    if (roll === 8) return '*';
    if (roll === 9) return '**';
    if (roll === 10) return `(${this.any(depth - 1)})`;
    if (roll === 11) return this.object(depth - 1);
    if (roll === 12) return this.array(depth - 1);
    return '$';
  }

  predicate(depth) {
    const { r } = this;
    const roll = r.below(9);
    if (roll < 2) return `[${r.pick(['0', '1', '-1', '-2', '1.7'])}]`;
    if (roll === 2) return '[]';
    if (roll === 3) return `[[${r.below(3)}..${r.below(4)}]]`;
    if (roll === 4) return `[${r.pick(names)} = ${this.leaf()}]`;
    if (roll === 5) return `[$ ${r.pick(['>', '<', '=', '!='])} ${this.leaf()}]`;
    return `[${this.any(depth - 1)}]`;
  }

  path(depth) {
    const { r } = this;
    const steps = [];
    let rows = false;
    for (let n = 1 + r.below(4); n > 0; n--) {
      let step = steps.length > 0 && r.chance(0.06) ? '%' : this.step(depth - 1);
      const plain = /^\w+$/.test(step);
      if (plain && r.chance(0.06)) {
        step += '@$v';
        rows = true;
      }
      if (r.chance(0.25) && step !== '%') step += this.predicate(depth - 1);
      if (plain && r.chance(0.06)) {
        step += '#$i';
        rows = true;
      }
      steps.push(step);
    }
    let text = steps.join('.');
    if (rows && r.chance(0.7)) text += `.{"v": $v, "i": $i, "x": ${r.pick(names)}}`;
    if (r.chance(0.1))
      text += `^(${r.pick(['', '<', '>'])}${r.pick(names)}${r.chance(0.3) ? ', id' : ''})`;
    if (r.chance(0.08))
      text += `{${r.pick(['name', '$string(id)', '"k"'])}: ${this.any(depth - 2)}}`;
    return text;
  }

  operation(depth) {
    const { r } = this;
    const op = r.pick([
      '+',
      '-',
      '*',
      '/',
      '%',
      '&',
      '&',
      '=',
      '!=',
      '<',
      '<=',
      '>',
      '>=',
      'and',
      'or',
      'in',
      '??',
      '?:',
    ]);
    const text = `${this.any(depth - 1)} ${op} ${this.any(depth - 1)}`;
    return r.chance(0.8) ? `(${text})` : text;
  }

  call(depth) {
    const { r } = this;
    if (r.chance(0.6)) return `${r.pick(unary)}(${r.chance(0.05) ? '' : this.any(depth - 1)})`;
    const name = r.pick(binaryFunctions);
    const text = `${name}(${this.any(depth - 1)}, ${this.any(depth - 2)}`;
    return r.chance(0.2) ? `${text}, ${this.any(depth - 2)})` : `${text})`;
  }

  array(depth) {
    const { r } = this;
    const items = [];
    for (let n = r.below(4); n > 0; n--) {
      items.push(r.chance(0.2) ? `${r.below(3)}..${r.below(6)}` : this.any(depth - 1));
    }
    return `[${items.join(', ')}]`;
  }

  object(depth) {
    const { r } = this;
    const pairs = [];
    const keys = r.pick([['x'], ['x', 'y'], ['10', '2', 'z'], []]);
    for (const key of keys) pairs.push(`"${key}": ${this.any(depth - 1)}`);
    return `{${pairs.join(', ')}}`;
  }

  block(depth) {
    const { r } = this;
    const name = r.pick(['$x', '$y', '$z']);
    const value = this.any(depth - 1);
    this.variables.push(name);
    const text = `(${name} := ${value}; ${this.any(depth - 1)})`;
    this.variables.pop();
    return r.chance(0.2) ? text + this.predicate(depth - 1) : text;
  }

  condition(depth) {
    const otherwise = this.r.chance(0.8) ? ` : ${this.any(depth - 1)}` : '';
    return `(${this.any(depth - 1)} ? ${this.any(depth - 1)}${otherwise})`;
  }

  lambda(depth, parameters) {
    const { r } = this;
    this.variables.push(...parameters);
    const text = `function(${parameters.join(', ')}) { ${this.any(depth - 1)} }`;
    this.variables.length -= parameters.length;
    return r.chance(0.05) ? text.replace(') {', ')<x-:x> {') : text;
  }

  higherOrder(depth) {
    const { r } = this;
    if (r.chance(0.2)) {
      const start = r.chance(0.5) ? `, ${this.leaf()}` : '';
      return `$reduce(${this.any(depth - 1)}, ${this.lambda(depth, ['$p', '$q'])}${start})`;
    }
    const name = r.pick(higher);
    const parameters = name === '$sort' ? ['$p', '$q'] : r.pick([['$p'], ['$p'], ['$p', '$q']]);
    const simple = r.chance(0.15)
      ? r.pick(['$string', '$uppercase', '$boolean', '$type', '$exists'])
      : '';
    const body =
      name === '$sort' && r.chance(0.5)
        ? 'function($p, $q) { $p > $q }'
        : simple || this.lambda(depth, parameters);
    return `${name}(${this.any(depth - 1)}, ${body})`;
  }

  lambdaCall(depth) {
    const { r } = this;
    const call = `(${this.lambda(depth, ['$p', '$q'])})(${this.any(depth - 1)}, ${this.leaf()})`;
    if (r.chance(0.7)) return call;
    const partial = `${this.lambda(depth, ['$p', '$q'])}(?, ${this.leaf()})`;
    return `($f := ${partial}; $f(${this.any(depth - 1)}))`;
  }

  apply(depth) {
    const { r } = this;
    const target = r.pick([
      '$string',
      '$uppercase',
      '$count()',
      '$sum',
      '$trim',
      '$substring(0, 3)',
      '$map(function($p) { $p })',
      '$string ~> $length',
      '$keys',
      '$append(1)',
    ]);
    return `(${this.any(depth - 1)} ~> ${target})`;
  }

  pictured(depth) {
    const { r } = this;
    const roll = r.below(5);
    const number = r.chance(0.7) ? String(r.pick(numbers)) : this.any(depth - 1);
    if (roll === 0) return `$formatNumber(${number}, ${quoted(r.pick(numberPictures))})`;
    if (roll === 1) return `$formatInteger(${number}, ${quoted(r.pick(integerPictures))})`;
    if (roll === 2) {
      const zone = r.chance(0.3) ? `, ${quoted(r.pick(['+0100', '-0530', '0000']))}` : '';
      return `$fromMillis(${number}, ${quoted(r.pick(timePictures))}${zone})`;
    }
    // Only pictures of whole dates: the rest would be taken from the clock.
    const picture = quoted(r.pick(roll === 3 ? wholePictures : integerPictures));
    if (roll === 3) return `$toMillis($fromMillis(${number}, ${picture}), ${picture})`;
    return `$parseInteger($formatInteger(${r.below(5000)}, ${picture}), ${picture})`;
  }

  pattern(depth) {
    const { r } = this;
    const text = r.chance(0.6) ? quoted(r.pick(words)) : this.any(depth - 1);
    const regex = r.pick(regexes);
    return r.pick([
      `$match(${text}, ${regex})`,
      `$contains(${text}, ${regex})`,
      `$split(${text}, ${regex})`,
      `$replace(${text}, ${regex}, ${quoted(r.pick(['-', '$1', '[$0]', '$$', '$2$1', '$12']))})`,
      `$replace(${text}, ${regex}, function($m) { $m.match & $string($m.start) })`,
      `$replace(${text}, ${quoted(r.pick(['a', 'X', ',']))}, "_", ${r.below(3)})`,
    ]);
  }

  transform(depth) {
    const { r } = this;
    const removed = r.chance(0.4) ? `, ${r.pick(['"a"', '["b","id"]', 'name'])}` : '';
    const pattern = r.pick(['$', 'items', 'order', '**', 'a']);
    const text = `|${pattern}|${this.object(depth - 1)}${removed}|`;
    return `(${r.pick(['$', 'order', 'a', '$$'])} ~> ${text})`;
  }
}
