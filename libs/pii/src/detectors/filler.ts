const WORDS =
  '[Nn]umber|[Nn]ummer|[Nn]umero|número|numéro|[Nn]r|[Nn]o|[Nn]um|[Nn]|I[Dd]|id|[Cc]ode|[Cc]ard|IS|is|was|are|ist|lautet|war|est|es|è|é|são|jest|to|of|the|my|der|die|das|del|della|di|de|le|la|el|for|with|value|card|held|on|file';

/**
 * What may stand between a word of context and its value: marks, and a few words that say nothing. Bounded, and each
 * turn takes at least one character, so that it is linear. For the source of a sticky expression.
 */
export const FILLER = `(?:[ \\t]{1,4}(?:${WORDS})\\b\\.?|(?:[\\s\\\\:=#*|'"\`\\])}>(.…_°º-]|&#34;)){0,40}?(?<![A-Za-z0-9])`;
