import { type AnonymizePlan, AnonymizeWork, type Applied } from './anonymize-work.ts';
import type { Finding } from './finding.ts';
import type { PiiScanner } from './pii-scanner.ts';
import { lastUpTo, Surrogates } from './surrogates.ts';

export interface Anonymized {
  applied: Applied[];
  /** How many of the types that were acted on a scan of the output still finds, but for what was put there. */
  residual: number;
}

/** What to do with what is found again: say its type, and if that is found too, leave it out. */
const HARSHER = ['redact', 'remove'];

/**
 * The text with the findings taken out, each by the strategy of its type. What a second scan still finds of the types
 * acted on is taken out more harshly. `findings` are those of a scan that was made already.
 *
 * @throws UnknownStrategy, UnknownPiiType, ScanEnded
 */
export function anonymizeText(
  source: string,
  scanner: PiiScanner,
  plan: AnonymizePlan,
  findings: readonly Finding[] = scanner.scanText(source),
): Anonymized & { text: string } {
  const work = new AnonymizeWork(plan, source);
  const wantedIn = (found: readonly Finding[]): readonly Finding[] => found.filter(({ type }) => work.isTaken(type));
  let wanted = wantedIn(findings);
  let { text, ours } = work.rewrite(source, wanted, []);
  for (const strategy of HARSHER) {
    if (wanted.length === 0) break;
    const surrogates = new Surrogates();
    surrogates.add(0, ours);
    wanted = wantedIn(surrogates.beside(0, scanner.scanText(text)));
    ({ text, ours } = new AnonymizeWork({ ...plan, strategy, strategies: {} }, source).rewrite(text, wanted, ours));
  }
  const last = new Surrogates();
  last.add(0, ours);
  const residual = wanted.length === 0 ? 0 : wantedIn(last.beside(0, scanner.scanText(text))).length;
  return { text, applied: work.applied(), residual };
}

/**
 * The same for JSON text. Only the tokens that hold findings are written anew, so every other byte stays: large numbers,
 * keys that occur twice, and spaces. A number becomes a string. `surrogates` says where stands what looks like a value and
 * is none.
 *
 * @throws UnknownStrategy, UnknownPiiType, ScanEnded
 */
export function anonymizeJson(
  source: string,
  scanner: PiiScanner,
  plan: AnonymizePlan,
): Anonymized & { source: string; surrogates: Surrogates } {
  const work = new AnonymizeWork(plan, source);
  let round = rewriteTokens({ out: source, taken: 0, surrogates: new Surrogates() }, scanner, work, work);
  for (const strategy of HARSHER) {
    if (round.taken === 0) break;
    const harsher = new AnonymizeWork({ ...plan, strategy, strategies: {} }, source);
    round = rewriteTokens(round, scanner, harsher, work);
  }
  const { out, taken, surrogates } = round;
  let residual = 0;
  if (taken > 0) {
    scanner.scanJsonTokens(out, (findings, _value, { start }) => {
      residual += surrogates.beside(start, findings).filter(({ type }) => work.isTaken(type)).length;
    });
  }
  return { source: out, applied: work.applied(), residual, surrogates };
}

interface Round {
  out: string;
  taken: number;
  surrogates: Surrogates;
}

/** `judge` says which types are to be gone; what it keeps is left alone by every round. */
function rewriteTokens(
  { out: source, surrogates: known }: Round,
  scanner: PiiScanner,
  work: AnonymizeWork,
  judge: AnonymizeWork,
): Round {
  const surrogates = new Surrogates();
  /** By how much what is behind a place is farther on, for each place that was written anew. */
  const moves: { start: number; by: number }[] = [];
  let out = '';
  let from = 0;
  let taken = 0;
  scanner.scanJsonTokens(source, (findings, value, token) => {
    const wanted = known.beside(token.start, findings).filter(({ type }) => judge.isTaken(type));
    if (wanted.length === 0) return;
    taken += wanted.length;
    const { text, ours } = work.rewrite(value, wanted, known.in(token.start));
    const written = JSON.stringify(text);
    out += source.slice(from, token.start);
    surrogates.add(out.length + (token.isString ? 0 : 1), ours);
    out += token.isString ? written.slice(1, -1) : written;
    from = token.end;
    moves.push({ start: token.start, by: out.length - from });
  });
  surrogates.carry(known, (token) => {
    const before = moves[lastUpTo(moves, token)];
    return before?.start === token ? null : token + (before?.by ?? 0);
  });
  return { out: out + source.slice(from), taken, surrogates };
}
