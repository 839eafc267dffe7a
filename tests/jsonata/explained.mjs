// Where presso and the reference may differ, and why. Each rule is as narrow as can be told from
// the outside; what none matches is a bug.
const rules = [
  {
    why: 'the reference evaluates the members of an array or object concurrently, so the error that it reports need not be the first',
    matches: ({ expr }, reference, answer) =>
      'error' in reference && 'error' in answer && /[[{]/.test(expr),
  },
  {
    why: 'the reference copies the left side of `?:` and `??` through JSON, which loses regular expressions',
    matches: ({ expr }) => /\?\?|\?:/.test(expr) && /\((?:[^()]*, )?\//.test(expr),
  },
];

export function explanation(request, reference, answer) {
  return rules.find((rule) => rule.matches(request, reference, answer))?.why;
}
