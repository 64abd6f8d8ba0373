import type { Issue } from '#kernel';
import { isPersonal, type OwnRules, scannerBy } from '#pii';
import { textsIn } from '../json-lines.ts';
import { checkBy, type RecordRules } from './record.check.ts';
import { schemaIssues, type Wrong } from './schema.validator.ts';

/** Looks at a schema before it is kept. */
export interface TrySchemaTask {
  kind: 'schema-try';
  schema: string;
  minConfidence: number;
  rules: OwnRules | null;
}

/** Looks at records that are stored: JSON Lines, each with its newline. */
export interface CheckLinesTask {
  kind: 'schema-check';
  lines: Uint8Array;
  check: RecordRules;
}

export type SchemaTask = TrySchemaTask | CheckLinesTask;
/** Which lines are wrong, by their place among them; or what is wrong with a schema. */
export type SchemaResult = { issues: Issue[] } | { wrong: (Wrong & { index: number })[] };

/** Port. The threads, as schemas see them. */
export interface SchemaPool {
  run(task: TrySchemaTask): Promise<{ issues: Issue[] }>;
  run(task: CheckLinesTask): Promise<{ wrong: (Wrong & { index: number })[] }>;
}

const KINDS: readonly string[] = ['schema-try', 'schema-check'] satisfies SchemaTask['kind'][];

export function isSchemaTask(task: { kind: string }): task is SchemaTask {
  return KINDS.includes(task.kind);
}

/** On a thread. */
export function performSchemaTask(task: SchemaTask): SchemaResult {
  return task.kind === 'schema-try' ? { issues: tried(task) } : { wrong: wrongLines(task) };
}

/** A schema lies in the database in plain sight, as names of labels do: nobody may be named in it. */
function tried({ schema, rules, minConfidence }: TrySchemaTask): Issue[] {
  const scanner = scannerBy(rules, { minConfidence, datasetId: '' });
  const personal = scanner.scanJson(schema).filter(({ risk }) => isPersonal(risk));
  rules?.allowKey.fill(0);
  if (personal.length === 0) return schemaIssues(JSON.parse(schema));
  const paths = new Set(personal.map(({ path }) => path));
  return [...paths].map((path) => ({
    pointer: `/schema${path}`,
    detail: 'Personal data: a schema is kept in plain sight',
  }));
}

function wrongLines({ lines, check }: CheckLinesTask): (Wrong & { index: number })[] {
  const checked = checkBy(check)!;
  return textsIn(lines).flatMap((text, index) => {
    const wrong = checked.wrongIn(text);
    return wrong ? [{ index, ...wrong }] : [];
  });
}
