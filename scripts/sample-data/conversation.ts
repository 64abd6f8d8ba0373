import { LANGUAGES, type Phrases } from './phrases.ts';
import type { Random } from './random.ts';

const SOURCES = [
  'support-chat',
  'forum',
  'wiki-qa',
  'tutoring',
  'code-review',
  'survey',
  'story-prompts',
  'release-notes',
];
const TOPICS = [
  'shipping',
  'cooking',
  'travel',
  'databases',
  'gardening',
  'music',
  'billing',
  'history',
  'health-and-safety',
  'schedules',
  'writing',
  'hardware',
];
const SYSTEM = [
  'You are a helpful assistant.',
  'Answer briefly and in the language of the question.',
  'You help the customers of a small shop.',
  'You are a patient tutor who explains with examples.',
];

/** One language for each thousandth, so that drawing one is a single look-up. */
const BY_SHARE = LANGUAGES.flatMap((phrases) => Array.from({ length: phrases.share }, () => phrases));

export interface Extras {
  /** What the user also says, or nothing. Ready for a JSON string. */
  said: string;
  /** Further members of `metadata`, each with a comma before it, or nothing. */
  metadata: string;
}

/** One conversation as a line of JSON without the line end. All parts are made to need no escaping. */
export function conversation(random: Random, number: number, extras: Extras): string {
  const phrases = random.pick(BY_SHARE);
  const turns = random.between(1, 3);
  let messages = random.below(3) === 0 ? `{"role":"system","content":"${random.pick(SYSTEM)}"},` : '';
  for (let turn = 0; turn < turns; turn += 1) {
    const said = turn === 0 && extras.said ? ` ${extras.said}` : '';
    messages += `{"role":"user","content":"${question(random, phrases)}${said}"},{"role":"assistant","content":"${answer(random, phrases)}"}`;
    if (turn < turns - 1) messages += ',';
  }
  return `{"id":"conv-${String(number).padStart(9, '0')}","lang":"${phrases.lang}","source":"${random.pick(SOURCES)}","created_at":"${moment(random)}","messages":[${messages}],"metadata":{"topic":"${random.pick(TOPICS)}","turns":${turns},"rating":${random.between(1, 5)}${extras.metadata}}}`;
}

function moment(random: Random): string {
  const two = (first: number, last: number): string => String(random.between(first, last)).padStart(2, '0');
  return `202${random.between(3, 5)}-${two(1, 12)}-${two(1, 28)}T${two(0, 23)}:${two(0, 59)}:${two(0, 59)}Z`;
}

function question(random: Random, phrases: Phrases): string {
  let text = random.pick(phrases.questions) + phrases.joint + clause(random, phrases) + phrases.stop;
  for (let more = random.below(3); more > 0; more -= 1) text += phrases.joint + sentence(random, phrases);
  return text;
}

function answer(random: Random, phrases: Phrases): string {
  if (random.below(4) === 0) return steps(random, phrases);
  let text = sentence(random, phrases);
  for (let more = random.between(1, 5); more > 0; more -= 1)
    text += (random.below(6) === 0 ? '\\n\\n' : phrases.joint) + sentence(random, phrases);
  return text;
}

function steps(random: Random, phrases: Phrases): string {
  let text = random.pick(phrases.lead);
  const count = random.between(3, 5);
  for (let step = 1; step <= count; step += 1) text += `\\n${step}. ${clause(random, phrases)}`;
  return `${text}${phrases.stop}`;
}

function sentence(random: Random, phrases: Phrases): string {
  let text = random.pick(phrases.openers) + phrases.joint + clause(random, phrases);
  while (random.below(2) === 0) text += `; ${clause(random, phrases)}`;
  return text + phrases.stop;
}

function clause(random: Random, phrases: Phrases): string {
  const { subjects, verbs, objects, endings, links, labels, joint } = phrases;
  const subject = links.length === 0 || random.below(3) === 0 ? random.pick(subjects) : thing(random, phrases);
  const object = random.below(6) === 0 ? random.pick(objects) : thing(random, phrases);
  let text = subject + joint + random.pick(verbs) + joint + object;
  if (random.below(5) === 0) text += ` (${random.pick(labels)} ${random.between(2, 4999)})`;
  if (links.length > 0 && random.below(3) > 0) return `${text} ${random.pick(links)} ${thing(random, phrases)}`;
  return text + joint + random.pick(endings);
}

function thing(random: Random, { things: [firsts, glue, seconds] }: Phrases): string {
  return random.pick(firsts) + glue + random.pick(seconds);
}
