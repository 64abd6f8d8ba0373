// Runs the engine over a folder of labelled texts and writes what it found, for a scorer to read.
//   node --conditions=source scripts/pii-score.ts --from DIR --to DIR [--min-confidence 0.5] [--all-types]
// Each *.jsonl file of {id, text} gives one of {id, spans: [{start, end, type, score}]}, with UTF-16 offsets.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PiiScanner, piiTypes } from '#pii';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    'min-confidence': { type: 'string', default: '0.5' },
    'all-types': { type: 'boolean', default: false },
  },
});
if (!values.from || !values.to) throw new Error('--from and --to take folders');

/** Scorers know some types by broader names; those that they know by ours are not here. */
const BROADER: Readonly<Record<string, string>> = {
  US_ABA_ROUTING: 'ROUTING',
  UK_SORT_CODE: 'SORT_CODE',
  PT_NIF: 'TAX_ID',
  BR_CNPJ: 'TAX_ID',
  AR_CUIT: 'TAX_ID',
  MX_RFC: 'TAX_ID',
  NZ_IRD: 'TAX_ID',
  CO_NIT: 'TAX_ID',
  VAT_NUMBER: 'TAX_ID',
  HEALTH_INSURANCE: 'MEDICAL_ID',
};

function labelOf(type: string): string {
  const family = piiTypes.find((info) => info.type === type)?.family;
  const isKnown = /^(?:US_|UK_|NATIONAL_ID|TAX_ID|PASSPORT|DRIVER)|DE_TAX_ID|IN_PAN|IN_GSTIN|AU_/.test(type);
  return BROADER[type] ?? (family === 'government' && !isKnown ? 'NATIONAL_ID' : type);
}

const scanner = new PiiScanner({
  minConfidence: Number(values['min-confidence']),
  ...(values['all-types'] ? { types: piiTypes.map((info) => info.type) } : {}),
});
mkdirSync(values.to, { recursive: true });
for (const file of readdirSync(values.from).filter((name) => name.endsWith('.jsonl'))) {
  const lines = readFileSync(join(values.from, file), 'utf8').split('\n').filter(Boolean);
  const out = lines.map((line) => {
    const { id, text } = JSON.parse(line) as { id: string; text: string };
    const spans = scanner
      .scanText(text)
      .map(({ start, end, type, confidence }) => ({ start, end, type: labelOf(type), score: confidence }));
    return JSON.stringify({ id, spans });
  });
  writeFileSync(join(values.to, file), `${out.join('\n')}\n`);
}
