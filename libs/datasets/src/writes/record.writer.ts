import type { Database } from '#database';
import { currentContext, newId, type Principal, VaultError } from '#kernel';
import { RecordNotFound } from '../dataset.errors.ts';
import type { RecordReader } from '../record.reader.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Refs } from '../refs.ts';
import { bodyOf, patchedBody, type RecordBody, type RecordPatch } from './record.body.ts';
import type { Outcome } from './write.committer.ts';
import { RecordChanged, RecordTwice } from './write.errors.ts';
import type { WriteLanes } from './write.lanes.ts';
import { etagOf, type NewBody, type Write, type WriteTarget, type Written } from './write.ts';

export interface WriteOptions {
  branch?: string;
  message?: string;
  /** Tags of versions, see `Write`. */
  ifMatch?: readonly string[];
}

export type BatchItem =
  | { op: 'create'; body: RecordBody }
  | { op: 'replace'; recordId: string; body: RecordBody; ifMatch?: readonly string[] }
  | { op: 'patch'; recordId: string; patch: RecordPatch; ifMatch?: readonly string[] }
  | { op: 'delete'; recordId: string; ifMatch?: readonly string[] };

/** Tries at a patch whose record others keep changing under it. */
const TRIES = 5;

const MESSAGES = {
  'record.create': 'Create records',
  'record.replace': 'Replace records',
  'record.patch': 'Patch records',
  'record.delete': 'Delete records',
} as const;

export interface RecordWriterParts {
  database: Database;
  records: RecordRepository;
  reader: RecordReader;
  refs: Refs;
  lanes: WriteLanes;
}

/** Records changed one by one, or by the batch. Each change is part of a commit on a branch. */
export class RecordWriter {
  constructor(private readonly parts: RecordWriterParts) {}

  /** @throws DatasetNotFound, RefNotFound, BranchProtected, ExternalIdTaken, MetadataPersonal, RecordInvalid */
  async create(caller: Principal, datasetId: string, body: RecordBody, options: WriteOptions): Promise<Written> {
    return this.one(caller, datasetId, options, { action: 'record.create', recordId: newId(), body: bodyOf(body) });
  }

  /** @throws as `create`, and RecordNotFound, RecordChanged */
  async replace(
    caller: Principal,
    datasetId: string,
    recordId: string,
    body: RecordBody,
    options: WriteOptions,
  ): Promise<Written> {
    return this.one(caller, datasetId, options, { action: 'record.replace', recordId, body: bodyOf(body) });
  }

  /** @throws DatasetNotFound, RefNotFound, BranchProtected, RecordNotFound, RecordChanged */
  remove(caller: Principal, datasetId: string, recordId: string, options: WriteOptions): Promise<Written> {
    return this.one(caller, datasetId, options, { action: 'record.delete', recordId, body: null });
  }

  /** RFC 7396, on what is there when it is committed. @throws as `replace` */
  async patch(
    caller: Principal,
    datasetId: string,
    recordId: string,
    patch: RecordPatch,
    options: WriteOptions,
  ): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      const { body, etag } = await this.patched(caller.tenantId, datasetId, recordId, patch, options.branch);
      if (options.ifMatch && !options.ifMatch.includes(etag)) throw new RecordChanged();
      try {
        const based = { ...options, ifMatch: [etag] };
        return await this.one(caller, datasetId, based, { action: 'record.patch', recordId, body });
      } catch (error) {
        if (!(error instanceof RecordChanged) || options.ifMatch || attempt === TRIES) throw error;
      }
    }
  }

  /** All that can be done as one commit; an answer for each item. @throws DatasetNotFound, RefNotFound, BranchProtected */
  async batch(
    caller: Principal,
    datasetId: string,
    items: readonly BatchItem[],
    options: WriteOptions,
  ): Promise<Outcome[]> {
    const message = options.message ?? 'Change records';
    const seen = new Set<string>();
    const writes: (Write | VaultError)[] = [];
    // One after the other: a transaction that this may be part of has one connection.
    for (const item of items) {
      if (item.op !== 'create' && seen.has(item.recordId)) writes.push(new RecordTwice());
      else writes.push(await this.written(caller, datasetId, item, { ...options, message }));
      if (item.op !== 'create') seen.add(item.recordId);
    }
    const good = writes.filter((write): write is Write => !(write instanceof VaultError));
    const outcomes = await this.parts.lanes.together(
      { tenantId: caller.tenantId, datasetId, branch: options.branch },
      good,
    );
    return writes.map((write) => (write instanceof VaultError ? write : outcomes[good.indexOf(write)]!));
  }

  private async written(
    caller: Principal,
    datasetId: string,
    item: BatchItem,
    { branch, message = '' }: WriteOptions,
  ): Promise<Write | VaultError> {
    try {
      const asked = await this.asked(caller.tenantId, datasetId, item, branch);
      return { ...asked, author: caller, message, context: currentContext() };
    } catch (error) {
      if (error instanceof VaultError) return error;
      throw error;
    }
  }

  private async asked(
    tenantId: string,
    datasetId: string,
    item: BatchItem,
    branch: string | undefined,
  ): Promise<Pick<Write, 'action' | 'recordId' | 'body' | 'ifMatch'>> {
    if (item.op === 'create') {
      return { action: 'record.create', recordId: newId(), body: bodyOf(item.body), ifMatch: null };
    }
    const { recordId, ifMatch = null } = item;
    if (item.op === 'replace') return { action: 'record.replace', recordId, body: bodyOf(item.body), ifMatch };
    if (item.op === 'delete') return { action: 'record.delete', recordId, body: null, ifMatch };
    const { body, etag } = await this.patched(tenantId, datasetId, recordId, item.patch, branch);
    if (ifMatch && !ifMatch.includes(etag)) throw new RecordChanged();
    return { action: 'record.patch', recordId, body, ifMatch: [etag] };
  }

  private async one(
    caller: Principal,
    datasetId: string,
    { branch, message, ifMatch }: WriteOptions,
    asked: Pick<Write, 'action' | 'recordId' | 'body'>,
  ): Promise<Written> {
    const { database, lanes } = this.parts;
    const target: WriteTarget = { tenantId: caller.tenantId, datasetId, branch };
    const write: Write = {
      ...asked,
      author: caller,
      message: message ?? MESSAGES[asked.action],
      context: currentContext(),
      ifMatch: ifMatch ?? null,
    };
    // What is done in somebody's transaction cannot share one with others.
    if (!database.inTransaction) return lanes.submit(target, write);
    const [outcome] = await lanes.together(target, [write]);
    if (outcome instanceof VaultError) throw outcome;
    return outcome!;
  }

  private async patched(
    tenantId: string,
    datasetId: string,
    recordId: string,
    patch: RecordPatch,
    branch: string | undefined,
  ): Promise<{ body: NewBody; etag: string }> {
    const { database, records, reader, refs } = this.parts;
    const row = await database.inTenant(tenantId, async () => {
      const { layers } = await refs.resolveBranch(datasetId, branch);
      return records.find(layers, recordId);
    });
    if (!row) throw new RecordNotFound();
    const [line] = await reader.contents(tenantId, [row]);
    return { body: patchedBody(row, Buffer.from(line!).toString('utf8'), patch), etag: etagOf(row) };
  }
}
