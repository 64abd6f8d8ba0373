import { SettingsInvalid } from '#config';
import { SilentLog } from '#kernel';
import { examineClock } from '../doctor/clock.doctor.ts';
import { examineConfig } from '../doctor/config.doctor.ts';
import { examineDatabase } from '../doctor/database.doctor.ts';
import {
  type Examine,
  type Finding,
  findingsOn,
  type Ground,
  type Part,
  reasonOf,
  TOPICS,
  type Topic,
} from '../doctor/finding.ts';
import { examineKeys } from '../doctor/kms.doctor.ts';
import { examineMigrations } from '../doctor/migrations.doctor.ts';
import { examineRedis } from '../doctor/redis.doctor.ts';
import { examineStorage } from '../doctor/storage.doctor.ts';
import { readSettings } from '../settings.ts';

const EXAMINATIONS: Record<Topic, Examine> = {
  config: examineConfig,
  db: examineDatabase,
  migrations: examineMigrations,
  redis: examineRedis,
  storage: examineStorage,
  kms: examineKeys,
  clock: examineClock,
};
const MARK = { fine: 'ok  ', warning: 'warn', wrong: 'FAIL' };

export interface DoctorOptions {
  replicas?: number;
  json: boolean;
}

/** Looks at what a server stands on, one thing after the other, and says what is wrong and what to run. */
export async function doctor(topics: readonly Topic[], { replicas, json }: DoctorOptions): Promise<number> {
  const findings = await examined(topics.length > 0 ? topics : TOPICS, replicas);
  const ok = findings.every(({ level }) => level !== 'wrong');
  if (json) console.log(JSON.stringify({ ok, findings }));
  else for (const finding of findings) console.log(asText(finding));
  return ok ? 0 : 1;
}

/** Whether one part answers, and nothing besides: for scripts. */
export async function check(part: Part, { json }: { json: boolean }): Promise<number> {
  const started = performance.now();
  const findings = await examined([part]);
  const failed = findings.find(({ level }) => level === 'wrong');
  const ok = !failed;
  const says = (failed ?? findings[0])?.says ?? '';
  const ms = Math.round(performance.now() - started);
  console.log(json ? JSON.stringify({ part, ok, says, ms }) : `${part} ${ok ? 'ok' : 'FAILED'}: ${says}`);
  return ok ? 0 : 1;
}

async function examined(topics: readonly Topic[], replicas?: number): Promise<Finding[]> {
  const { wrong } = findingsOn('config');
  let ground: Ground;
  try {
    ground = { loaded: readSettings(), log: new SilentLog(), replicas };
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    const issues = error.issues ?? [];
    return issues.map(({ pointer, detail }) => wrong(`${pointer} ${detail}`, 'vault-server config describe'));
  }
  const findings: Finding[] = [];
  // One after the other: the built-in database takes one program at a time.
  for (const topic of topics) {
    const found = await EXAMINATIONS[topic](ground).catch((error: unknown) => [
      findingsOn(topic).wrong(reasonOf(error)),
    ]);
    findings.push(...found);
  }
  return findings;
}

function asText({ topic, level, says, run }: Finding): string {
  return `${MARK[level]} ${topic.padEnd(10)} ${says}${run === undefined ? '' : `\n     ${' '.repeat(10)} -> ${run}`}`;
}
