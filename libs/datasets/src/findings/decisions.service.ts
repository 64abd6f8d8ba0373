import type { Audit } from '#audit';
import type { Gatekeeper } from '#auth';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { AllowedValuesService, PlainReasons, TenantRules } from '#pii-rules';
import { VersionMismatch } from '#rest';
import type { RecordReader } from '../record.reader.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { DecisionKind, FindingDecision } from './finding-decision.entity.ts';
import { FindingNotFound, FindingOutdated } from './finding.errors.ts';
import { type FindingKey, showFinding } from './finding-key.ts';
import type { FindingRepository, FoundRow } from './finding.repository.ts';
import type { FindingResult, FindingTask } from './finding.task.ts';

export interface Decide {
  decision: DecisionKind;
  reason: string;
  expiresAt: Date | null;
  /** The version that was seen last, 0 for none; any when left out. */
  version?: number;
}

/** Threads that look a value up. */
export interface FindingPool {
  run(task: FindingTask): Promise<FindingResult>;
}

export interface DecisionParts {
  database: Database;
  findings: FindingRepository;
  records: RecordRepository;
  reader: RecordReader;
  pool: FindingPool;
  keys: KeyService;
  rules: TenantRules;
  allowed: AllowedValuesService;
  reasons: PlainReasons;
  gatekeeper: Gatekeeper;
  audit: Audit;
  minConfidence: number;
}

/** What people say of findings. */
export class DecisionsService {
  constructor(private readonly parts: DecisionParts) {}

  /**
   * Says that a finding is accepted, or that it is none: then its value goes onto the allow list of its dataset. Of two who
   * decide the last one counts, unless a version is named.
   *
   * @throws FindingNotFound, FindingOutdated, ReasonPersonal, VersionMismatch, PiiRulesTooMany
   */
  async decide(caller: Principal, key: FindingKey, asked: Decide): Promise<FoundRow> {
    const { database, findings, reasons } = this.parts;
    reasons.mustBePlain(asked.reason);
    const found = await database.inTenant(caller.tenantId, () => findings.find(key));
    if (!found || !(await this.mayRead(caller, found.dataset_id))) throw new FindingNotFound();
    // Read before the transaction: objects may be slow.
    const mac = asked.decision === 'false_positive' ? await this.macOf(caller, key, found) : null;
    return database.inTenant(caller.tenantId, async () => {
      if (!(await findings.find(key))) throw new FindingNotFound();
      const before = await findings.decision(found);
      if (asked.version !== undefined && asked.version !== (before?.version ?? 0)) throw new VersionMismatch();
      await this.keep(caller, found, asked, { before, mac });
      await this.tell(caller, key, found, asked);
      return (await findings.find(key))!;
    });
  }

  private async keep(
    caller: Principal,
    found: FoundRow,
    { decision, reason, expiresAt }: Decide,
    { before, mac }: { before: FindingDecision | null; mac: Buffer | null },
  ): Promise<void> {
    const { findings, allowed } = this.parts;
    if (before?.allowedId) await allowed.withdraw(caller, before.allowedId);
    const { dataset_id: datasetId, type } = found;
    const entry = mac && (await allowed.keep(caller, { valueMac: mac, type, datasetId, reason, expiresAt }));
    await findings.save({
      tenantId: caller.tenantId,
      datasetId,
      recordId: found.record_id,
      leaf: found.leaf,
      ordinal: found.ordinal,
      decision,
      reason,
      expiresAt,
      allowedId: entry && entry.id,
      version: (before?.version ?? 0) + 1,
      decidedBy: caller.id,
    });
  }

  private tell(caller: Principal, key: FindingKey, { dataset_id, type }: FoundRow, asked: Decide): Promise<void> {
    const { decision, reason, expiresAt } = asked;
    const details = {
      finding: showFinding(key),
      dataset: showId('ds', dataset_id),
      type,
      decision,
      ...(expiresAt && { expires_at: expiresAt.toISOString() }),
    };
    const resource = showId('rec', key.recordId);
    return this.parts.audit.append(caller, { action: 'finding.decide', resource, reason, details });
  }

  private async mayRead(caller: Principal, dataset: string): Promise<boolean> {
    return (await this.parts.gatekeeper.decide(caller, 'record:read', { dataset })).allowed;
  }

  private async macOf({ tenantId }: Principal, key: FindingKey, found: FoundRow): Promise<Buffer> {
    const { database, records, reader, pool, keys, rules, minConfidence } = this.parts;
    const row = await database.inTenant(tenantId, () => records.version(key));
    if (!row) throw new FindingNotFound();
    const [line] = await reader.contents(tenantId, [row]);
    const { type, path, start_offset: start, end_offset: end } = found;
    const { mac } = await pool.run({
      kind: 'finding',
      line: line!,
      finding: { type, path, start, end },
      minConfidence,
      rules: await rules.of(tenantId),
      allowKey: await keys.tenantSecret(tenantId, 'pii-allow'),
    });
    if (mac === null) throw new FindingOutdated();
    return Buffer.from(mac, 'hex');
  }
}
