import { showId, VaultError } from '#kernel';
import type { RecordFilter } from '../record.filter.ts';
import type { HistoryEntry } from '../record.history.ts';
import type { ReadRecord } from '../records.service.ts';
import { RISKS } from '../statistics.ts';
import type { Attributes } from '../writes/attributes.ts';
import type { Json } from '../writes/merge-patch.ts';
import type { RecordBody, RecordPatch } from '../writes/record.body.ts';
import type { BatchItem } from '../writes/record.writer.ts';
import type { Outcome } from '../writes/write.committer.ts';
import { etagOf, type Written } from '../writes/write.ts';
import type { NewRecord, RecordBatch, RecordPatch as SentPatch } from './record.schema.ts';
import type { RecordQuery } from './record.query.ts';

/** The content goes out as the bytes that came in: parsing and writing it again would alter large numbers. */
export function recordJson({ row, content }: ReadRecord): string {
  const { bytes } = row;
  const rest = { bytes, risk: RISKS[row.risk], leaf: row.leaf.toString('hex'), ...attributesView(row) };
  return `{"id":"${showId('rec', row.recordId)}","content":${content},${JSON.stringify(rest).slice(1)}`;
}

export function writtenView({ recordId, commit, version, held }: Written): object {
  if (held) return heldView(recordId, held, version!.risk);
  return {
    id: showId('rec', recordId),
    commit_id: showId('cm', commit.id),
    ...(version && {
      version: etagOf(version),
      bytes: version.bytes,
      risk: RISKS[version.risk],
      ...attributesView(version),
    }),
  };
}

export function batchView(outcomes: readonly Outcome[], items: readonly BatchItem[]): object {
  const done = outcomes.find((each): each is Written => !(each instanceof VaultError || each.held));
  return {
    commit_id: done ? showId('cm', done.commit.id) : null,
    items: outcomes.map((each, i) =>
      each instanceof VaultError ? refusedView(each, items[i]!) : doneView(each, items[i]!),
    ),
  };
}

export function historyView({ change, commitId, authorId, message, at, version }: HistoryEntry): object {
  return {
    change,
    commit_id: showId('cm', commitId),
    author_id: showId('usr', authorId),
    message,
    at: at.toISOString(),
    version: version && etagOf(version),
    bytes: version && version.bytes,
    risk: version && RISKS[version.risk],
  };
}

export function bodyFrom({ content, ...sent }: NewRecord): RecordBody {
  return { content: content as Json, ...attributesFrom(sent) };
}

export function patchFrom({ content, ...sent }: SentPatch): RecordPatch {
  return { ...(content !== undefined && { content: content as Json }), ...attributesFrom(sent) };
}

export function batchFrom(sent: RecordBatch['items'][number]): BatchItem {
  if (sent.op === 'create') {
    const { op, ...body } = sent;
    return { op, body: bodyFrom(body) };
  }
  const { id: recordId, if_match, ...rest } = sent;
  const ifMatch = if_match === undefined ? undefined : [if_match];
  if (rest.op === 'delete') return { op: rest.op, recordId, ifMatch };
  const { op, ...body } = rest;
  if (op === 'replace') return { op, recordId, body: bodyFrom(body as NewRecord), ifMatch };
  return { op, recordId, patch: patchFrom(body as SentPatch), ifMatch };
}

export function filterFrom(query: Omit<RecordQuery, 'limit' | 'cursor'>): RecordFilter {
  const {
    external_id: externalId,
    label,
    split,
    source,
    license,
    language,
    min_risk,
    pii_type: piiType,
    metadata,
  } = query;
  const fields = Object.entries(metadata ?? {}).map(([name, wanted]) => [
    name,
    typeof wanted === 'object' ? wanted : { eq: wanted },
  ]);
  return {
    externalId,
    label,
    split,
    source,
    license,
    language,
    piiType,
    minRisk: min_risk && RISKS.indexOf(min_risk),
    metadata: metadata && (Object.fromEntries(fields) as RecordFilter['metadata']),
  };
}

type Sent = Partial<
  Record<'labels' | 'split' | 'source' | 'license' | 'language' | 'external_id' | 'metadata', unknown>
>;

/** Only what was sent: a patch leaves the rest as it is. */
function attributesFrom({ external_id, ...rest }: Sent): Partial<Attributes> {
  const sent = Object.entries({ externalId: external_id, ...rest }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as Partial<Attributes>;
}

function attributesView({ externalId, labels, split, source, license, language, metadata }: Attributes): object {
  const [shownLabels, fields] = [labels ?? [], metadata ?? {}];
  return { external_id: externalId, labels: shownLabels, split, source, license, language, metadata: fields };
}

function heldView(recordId: string, { id, types }: NonNullable<Written['held']>, risk: number): object {
  return { id: showId('rec', recordId), quarantine_id: showId('qi', id), types, risk: RISKS[risk] };
}

function doneView({ recordId, version, held }: Written, { op }: BatchItem): object {
  if (held) {
    return {
      status: 202,
      id: showId('rec', recordId),
      version: null,
      code: null,
      quarantine_id: showId('qi', held.id),
    };
  }
  return {
    status: op === 'create' ? 201 : op === 'delete' ? 204 : 200,
    id: showId('rec', recordId),
    version: version && etagOf(version),
    code: null,
  };
}

const STATUS: Partial<Record<VaultError['kind'], number>> = {
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
};

/** Of one of many that were asked for at once. */
export function statusOf({ kind }: VaultError): number {
  return STATUS[kind] ?? 422;
}

function refusedView(error: VaultError, item: BatchItem): object {
  const { wireCode, issues } = error;
  const id = item.op === 'create' ? null : showId('rec', item.recordId);
  return { status: statusOf(error), id, version: null, code: wireCode, ...(issues && { errors: issues }) };
}
