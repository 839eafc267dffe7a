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
    matches: ({ expr }) => /\?\?|\?:/.test(expr) && /\((?:[^()]*, )?\//.test(expr),
  },
  {
    // It appends an undefined to an empty array that an object is constructed over, for good.
    why: 'the reference changes an empty array of its input',
    matches: ({ expr, data }, reference, answer) => {
      const text = (value) => JSON.stringify(value).replaceAll('[null]', '[]');
      return expr.includes('{') && text(data).includes('[]') && text(reference) === text(answer);
    },
  },
];

export function explanation(request, reference, answer) {
  return rules.find((rule) => rule.matches(request, reference, answer))?.why;
}
