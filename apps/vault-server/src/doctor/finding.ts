import type { Log } from '#kernel';
import type { LoadedSettings } from '#config';
import type { Settings } from '../settings.ts';

export const TOPICS = ['config', 'db', 'migrations', 'redis', 'storage', 'kms', 'clock'] as const;
export type Topic = (typeof TOPICS)[number];

/** The parts a server cannot do without. */
export const PARTS = ['db', 'redis', 'storage', 'kms'] as const;
export type Part = (typeof PARTS)[number];

/** What was looked at and how it is; with what to run or to set where it is not as it should be. */
export interface Finding {
  topic: Topic;
  level: 'fine' | 'warning' | 'wrong';
  says: string;
  run?: string;
}

export interface Ground {
  loaded: LoadedSettings<Settings>;
  log: Log;
  /** How many servers there are to be; as many as are seen when left out. */
  replicas?: number;
}

export type Examine = (ground: Ground) => Promise<Finding[]>;

/** The short forms, for one topic. */
export function findingsOn(topic: Topic): Record<Finding['level'], (says: string, run?: string) => Finding> {
  const level =
    (of: Finding['level']) =>
    (says: string, run?: string): Finding => ({ topic, level: of, says, ...(run !== undefined && { run }) });
  return { fine: level('fine'), warning: level('warning'), wrong: level('wrong') };
}

/** What an error says, down to its first cause: a driver's own words are what an operator has to know here. */
export function reasonOf(error: unknown): string {
  const said: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    const inner = at instanceof AggregateError ? at.errors[0] : undefined;
    const { message } = inner instanceof Error ? inner : at;
    const code = 'code' in at && typeof at.code === 'string' && !message.includes(at.code) ? ` (${at.code})` : '';
    const text = `${at.name !== 'Error' && !(message || '').includes(at.name) ? `${at.name}: ` : ''}${message}${code}`;
    if (text.trim() && !said.includes(text)) said.push(text);
  }
  return said.join(' <- ') || String(error);
}
