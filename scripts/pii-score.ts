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
      .map(({ start, end, type, confidence }) => ({ start, end, type, score: confidence }));
    return JSON.stringify({ id, spans });
  });
  writeFileSync(join(values.to, file), `${out.join('\n')}\n`);
}
