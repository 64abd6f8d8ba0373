/** `:`, `=`, `=>` and the like in front of a value; `\"` where JSON stands in a string of JSON. */
const MARK = `["'\`\\]\\\\]{0,3}[ \\t]{0,4}(?::=|=>|->|==?|:)\\s{0,4}|>`;
const VERB = `[ \\t]+(?:is|was|ist|lautet|est|es|é|è|jest|to|set to|wurde auf)(?: now| changed to| set to)?\\s*:?[ \\t]+`;
export const MARKED = `(?:${MARK})`;
export const SAID = `(?:${VERB})`;
export const ASSIGNED = `(?:${MARK}|${VERB})`;
