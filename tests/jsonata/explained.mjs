const withoutNumbers = (text) => text.replace(/\d+(\.\d+)?(e[+-]\d+)?/g, '#');

// The same but for the last bits of numbers.
function isClose(a, b) {
  const areNumbers = typeof a === 'number' && typeof b === 'number';
  if (areNumbers) return Math.abs(a - b) <= 4e-16 * Math.abs(a);
  const areTexts = typeof a === 'string' && typeof b === 'string';
  if (areTexts) return withoutNumbers(a) === withoutNumbers(b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isClose(a[name], b[name]));
}

// The same, but for one value that stands in a list.
const isUnreduced = (reference, answer) =>
  JSON.stringify(reference.result) === JSON.stringify([answer.result]);

// Where presso and the reference may differ, and why. Each rule is as narrow as can be told from
// the outside; what none matches is a bug.
const rules = [
  {
    // It evaluates the members of an array or object concurrently.
    why: 'the error that the reference reports need not be the first',
    matches: ({ expr }, reference, answer) =>
      'error' in reference && 'error' in answer && /[[{]/.test(expr),
  },
  {
    // It copies the left side of these operators through JSON.
    why: 'the reference loses regular expressions left of `?:` and `??`',
    matches: ({ expr }) => /\?\?|\?:/.test(expr) && /(?:\(|, )\//.test(expr),
  },
  {
    // It appends an undefined to an empty array that an object is constructed over, for good.
    why: 'the reference changes an empty array of its input',
    matches: (request, reference) => 'input' in reference,
  },
  {
    // The same with an array that the expression has made.
    why: 'the reference changes an empty array that an object is constructed over',
    matches: ({ expr }, reference, answer) => {
      const text = (value) => JSON.stringify(value).replaceAll('[null]', '[]');
      return expr.includes('{') && text(reference) === text(answer);
    },
  },
  {
    // A member "10" of an array makes it eleven items long in JavaScript.
    why: 'the reference updates the members of an array as if it were an object',
    matches: ({ expr }, reference) => 'result' in reference && /\|[^|]*\{[^|]*"\d+":/.test(expr),
  },
  {
    // It makes a call at a lambda's end only after the lambda has ended, but filters it before.
    why: 'the reference filters the call at the end of a lambda, not what that gives',
    matches: ({ expr }, reference, answer) =>
      ('undefined' in reference || 'error' in answer || isUnreduced(reference, answer)) &&
      /function\(.*\)\[.*\] \}/.test(expr),
  },
  {
    // V8's Math.pow is not rounded correctly; the C library's is.
    why: 'the power of the reference has other last bits',
    matches: ({ expr }, reference, answer) =>
      expr.includes('$power') && isClose(reference, answer),
  },
];

export function explanation(request, reference, answer) {
  return rules.find((rule) => rule.matches(request, reference, answer))?.why;
}
