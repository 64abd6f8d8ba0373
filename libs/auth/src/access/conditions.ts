import { isWithin } from '../api-keys/networks.ts';
import type { Conditions, Hours, Question } from './rule.ts';

/** Whether conditions hold; `unknown` when that depends on something nobody has said. */
export type Fit = 'yes' | 'no' | 'unknown';

export function fit(conditions: Conditions, question: Question): Fit {
  const fits = [
    among(conditions.purposes, question.purpose),
    // What is about no dataset is of no classification, which is known and no reason for doubt.
    conditions.classifications && !question.dataset
      ? 'no'
      : among(conditions.classifications, question.dataset?.classification),
    conditions.networks ? fromNetworks(conditions.networks, question.ip) : 'yes',
    among(conditions.views, question.view),
    conditions.hours ? during(conditions.hours, question.at) : 'yes',
  ];
  if (fits.includes('no')) return 'no';
  return fits.includes('unknown') ? 'unknown' : 'yes';
}

function among<T>(wanted: readonly T[] | undefined, actual: T | undefined): Fit {
  if (!wanted) return 'yes';
  if (actual === undefined) return 'unknown';
  return wanted.includes(actual) ? 'yes' : 'no';
}

function fromNetworks(networks: readonly string[], ip: string | undefined): Fit {
  if (ip === undefined) return 'unknown';
  return isWithin(networks, ip) ? 'yes' : 'no';
}

function during({ from, until, days, zone }: Hours, at: Date): Fit {
  const { day, time } = clockOf(zone, at);
  const overnight = from >= until;
  const inside = overnight ? time >= from || time < until : time >= from && time < until;
  if (!inside) return 'no';
  const began = overnight && time < until ? ((day + 5) % 7) + 1 : day;
  return !days || days.includes(began) ? 'yes' : 'no';
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Making one takes longer than everything else a decision does. */
const formats = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string, at: Date): { day: number; time: string } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: DAYS.indexOf(parts['weekday']!) + 1, time: `${parts['hour']}:${parts['minute']}` };
}
