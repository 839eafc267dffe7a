// Where presso and the reference may differ, and why. Each rule is as narrow as can be told from
// the outside; what none matches is a bug.
const rules = [];

export function explanation(request, reference, answer) {
  return rules.find((rule) => rule.matches(request, reference, answer))?.why;
}
