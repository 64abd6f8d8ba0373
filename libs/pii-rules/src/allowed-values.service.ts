import type { Audit } from '#audit';
import type { AccessEpochs, DatasetDirectory } from '#auth';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import { allowedMac } from '#pii';
import type { AllowedValue } from './allowed-value.entity.ts';
import type { AllowedValueRepository } from './allowed-value.repository.ts';
import { AllowedValueNotFound, PiiRulesTooMany } from './pii-rules.errors.ts';
import type { PlainReasons } from './plain-reasons.ts';
import type { TenantRules } from './tenant-rules.ts';

export interface AllowedTerms {
  value: string | null;
  type: string | null;
  datasetId: string | null;
  reason: string;
  expiresAt: Date | null;
}

export interface AllowedValueParts {
  database: Database;
  allowed: AllowedValueRepository;
  datasets: DatasetDirectory;
  rules: TenantRules;
  reasons: PlainReasons;
  keys: KeyService;
  epochs: AccessEpochs;
  audit: Audit;
}

const MAX_ALLOWED = 10_000;

/** What is found and is not to be reported. */
export class AllowedValuesService {
  constructor(private readonly parts: AllowedValueParts) {}

  /**
   * Allows a value, of which only a keyed hash is kept, or all of a type in one dataset.
   *
   * @throws UnknownPiiType, ReasonPersonal, PiiRulesTooMany, and what the directory of datasets says of one that is not there
   */
  async allow(caller: Principal, terms: AllowedTerms): Promise<AllowedValue> {
    const { database, datasets, rules, reasons, keys } = this.parts;
    const { tenantId } = caller;
    const named = await rules.naming(tenantId);
    const type = terms.type === null ? null : named(terms.type);
    reasons.mustBePlain(terms.reason);
    const key = await keys.tenantSecret(tenantId, 'pii-allow');
    const valueMac = terms.value === null ? null : Buffer.from(allowedMac(key, type, terms.value), 'hex');
    const { reason, datasetId, expiresAt } = terms;
    return database.inTenant(tenantId, async () => {
      if (datasetId) await datasets.mustExist(datasetId);
      return this.keep(caller, { valueMac, type, datasetId, reason, expiresAt });
    });
  }

  /** The same for a value of which there is only the keyed hash, inside the caller's transaction. @throws PiiRulesTooMany */
  async keep(
    caller: Principal,
    terms: Omit<AllowedTerms, 'value'> & { valueMac: Buffer | null },
  ): Promise<AllowedValue> {
    const { allowed, epochs, audit } = this.parts;
    const { tenantId } = caller;
    if ((await allowed.count()) >= MAX_ALLOWED) throw new PiiRulesTooMany();
    const { valueMac, type, datasetId, reason, expiresAt } = terms;
    const id = newId();
    await allowed.insert({ id, tenantId, valueMac, type, datasetId, reason, expiresAt, createdBy: caller.id });
    const details = {
      of: valueMac === null ? 'type' : 'value',
      ...(type && { type }),
      ...(datasetId && { dataset: showId('ds', datasetId) }),
      ...(expiresAt && { expires_at: expiresAt.toISOString() }),
    };
    await audit.append(caller, { action: 'pii.allow', resource: showId('alw', id), reason, details });
    await epochs.raise(tenantId);
    return this.mustFind(id);
  }

  /** Oldest first, those that have ended too. @throws BadCursor */
  list(caller: Principal, limit: number, cursor?: string): Promise<Page<AllowedValue>> {
    const after = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () =>
      pageById(await this.parts.allowed.page(limit + 1, after), limit),
    );
  }

  /** @throws AllowedValueNotFound */
  get(caller: Principal, id: string): Promise<AllowedValue> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(id));
  }

  /** It is found again from then on. @throws AllowedValueNotFound */
  takeBack(caller: Principal, id: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      if (!(await this.withdraw(caller, id))) throw new AllowedValueNotFound();
    });
  }

  /** The same inside the caller's transaction; false when it is gone already. */
  async withdraw(caller: Principal, id: string): Promise<boolean> {
    const { allowed, epochs, audit } = this.parts;
    if (!(await allowed.delete(id))) return false;
    await audit.append(caller, { action: 'pii.disallow', resource: showId('alw', id) });
    await epochs.raise(caller.tenantId);
    return true;
  }

  /** What was allowed in a dataset, inside the transaction that deletes it. */
  async forget(caller: Principal, datasetId: string): Promise<void> {
    if ((await this.parts.allowed.deleteOf(datasetId)) > 0) await this.parts.epochs.raise(caller.tenantId);
  }

  private async mustFind(id: string): Promise<AllowedValue> {
    const found = await this.parts.allowed.find(id);
    if (!found) throw new AllowedValueNotFound();
    return found;
  }
}
