// Chats as programs keep them: parts of content, calls of tools whose arguments are JSON in a string, numbers that are values.
import type { Random } from '../sample-data/random.ts';
import { Generator } from './generate.ts';
import { IDS, shaped } from './ids.ts';

const CHATS = 200;
const SEED = 20_290;

export interface Chat {
  source: string;
  labels: { type: string; value: string }[];
}

type Field = readonly [key: string, type: string, make: (generator: Generator) => string | number];

const FIELDS: readonly Field[] = [
  ['ssn', 'US_SSN', () => '219-09-9999'],
  ['imei', 'IMEI', (g) => IDS.imei(g.random)],
  ['cpf', 'BR_CPF', (g) => IDS.cpf(g.random)],
  ['nhsNumber', 'UK_NHS', (g) => IDS.nhs(g.random)],
  ['passport_number', 'PASSPORT', (g) => shaped('A99999999')(g.random)],
  ['username', 'USERNAME', (g) => shaped('kestrel99')(g.random)],
  ['password', 'PASSWORD', (g) => shaped('Tr9ub4dor&9')(g.random)],
  ['customerName', 'PERSON', (g) => g.fullName()],
  ['cardNumber', 'CREDIT_CARD', () => 4_111_111_111_111_111],
  ['abn', 'AU_ABN', (g) => Number(IDS.abn(g.random))],
  ['email', 'EMAIL_ADDRESS', (g) => `${g.random.text('abcdefgh', 6)}@quist.net`],
];
/** What is in chats besides, and is nobody's. */
const NOBODYS = (random: Random): object => ({
  id: `call_${random.text('abcdef0123456789', 24)}`,
  created: 1_700_000_000 + random.below(9_999_999),
  model: 'small-1.2.3',
  usage: { total_tokens: random.between(10, 90_000) },
});

function values(generator: Generator, labels: Chat['labels']): Record<string, unknown> {
  const all: Record<string, unknown> = { ...NOBODYS(generator.random) };
  for (let count = generator.random.between(1, 3); count > 0; count -= 1) {
    const [key, type, make] = generator.random.pick(FIELDS);
    if (key in all) continue;
    const value = make(generator);
    all[key] = value;
    labels.push({ type, value: String(value) });
  }
  return generator.random.below(2) === 0 ? all : { status: 'ok', data: { items: [all] } };
}

function chat(generator: Generator): Chat {
  const labels: Chat['labels'] = [];
  const inside = values(generator, labels);
  const message = generator.random.pick([
    () => ({ role: 'tool', content: JSON.stringify(inside) }),
    () => ({ role: 'tool', content: [{ type: 'text', text: JSON.stringify(inside, null, 2) }] }),
    () => ({ role: 'tool', content: JSON.stringify({ result: JSON.stringify(inside) }) }),
    () => ({ role: 'assistant', content: null, tool_calls: [{ function: { arguments: JSON.stringify(inside) } }] }),
    () => ({ role: 'tool', content: [{ type: 'json', json: inside }] }),
  ])();
  return { source: JSON.stringify({ ...NOBODYS(generator.random), messages: [message] }), labels };
}

/** The same chats each time. */
export function chats(): Chat[] {
  const generator = new Generator(SEED, true);
  return Array.from({ length: CHATS }, () => chat(generator));
}
