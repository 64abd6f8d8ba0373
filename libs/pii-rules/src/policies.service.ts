import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import { strategyNamed } from '#pii';
import { atVersion, VersionMismatch } from '#rest';
import { PolicyNameTaken, PolicyNotFound, PolicyPreset } from './pii-rules.errors.ts';
import type { Policy } from './policy.entity.ts';
import type { PolicyRepository } from './policy.repository.ts';
import { presetNamed } from './presets/all-presets.ts';
import { type PolicyTerms, type Preset, strategiesNamed } from './presets/preset.ts';
import type { TenantRules } from './tenant-rules.ts';

/** A preset by its name, or one of the tenant's own by its id. */
export type PolicyRef = string | { id: string };

const NO_TERMS: PolicyTerms = {
  description: '',
  strategy: 'redact',
  strategies: {},
  types: null,
  extraTypes: [],
  minConfidence: null,
};

/** Policies of anonymization: presets, which are the same everywhere, and those of a tenant. */
export class PoliciesService {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyRepository,
    private readonly rules: TenantRules,
    private readonly audit: Audit,
  ) {}

  /** What is not said is as in `basedOn`, whose strategies stay but for those that are said. @throws as `replace` */
  async create(
    caller: Principal,
    name: string,
    { basedOn, ...said }: Partial<PolicyTerms> & { basedOn?: PolicyRef },
  ): Promise<Policy> {
    const base = basedOn === undefined ? NO_TERMS : termsOf(await this.get(caller, basedOn));
    const strategies = { ...base.strategies, ...said.strategies };
    const terms = await this.checked(caller, { ...base, ...said, strategies });
    const id = newId();
    return this.naming(name, caller, async () => {
      await this.policies.insert({ id, tenantId: caller.tenantId, name, createdBy: caller.id, ...terms });
      await this.tell(caller, 'create', id, { name });
      return this.mustFind(id);
    });
  }

  /** The tenant's own, oldest first. @throws BadCursor */
  list(caller: Principal, limit: number, cursor?: string): Promise<Page<Policy>> {
    const after = idAfter(cursor);
    return this.database.inTenant(caller.tenantId, async () =>
      pageById(await this.policies.page(limit + 1, after), limit),
    );
  }

  /** @throws PolicyNotFound */
  async get(caller: Principal, ref: PolicyRef): Promise<Policy | Preset> {
    if (typeof ref !== 'string') return this.database.inTenant(caller.tenantId, () => this.mustFind(ref.id));
    return mustBePreset(ref);
  }

  /** @throws PolicyNotFound, PolicyPreset, PolicyNameTaken, VersionMismatch, UnknownPiiType, UnknownStrategy */
  async replace(
    caller: Principal,
    ref: PolicyRef,
    { name, ...said }: PolicyTerms & { name: string },
    version?: number,
  ): Promise<Policy> {
    const id = ownId(ref);
    const terms = await this.checked(caller, said);
    return this.naming(name, caller, async () => {
      const before = await this.mustFind(id, version);
      if (!(await this.policies.update(id, before.version, { name, ...terms }))) throw new VersionMismatch();
      await this.tell(caller, 'change', id, { name });
      return this.mustFind(id);
    });
  }

  /** What was made by it stays as it is. @throws PolicyNotFound, PolicyPreset, VersionMismatch */
  remove(caller: Principal, ref: PolicyRef, version?: number): Promise<void> {
    const id = ownId(ref);
    return this.database.inTenant(caller.tenantId, async () => {
      const policy = await this.mustFind(id, version);
      if (!(await this.policies.delete(id, policy.version))) throw new VersionMismatch();
      await this.tell(caller, 'delete', id, { name: policy.name });
    });
  }

  private tell(caller: Principal, verb: string, id: string, details: { name: string }): Promise<void> {
    return this.audit.append(caller, { action: `policy.${verb}`, resource: showId('pol', id), details });
  }

  /** With canonical names. @throws UnknownPiiType, UnknownStrategy */
  private async checked({ tenantId }: Principal, terms: PolicyTerms): Promise<PolicyTerms> {
    const named = await this.rules.naming(tenantId);
    return {
      ...terms,
      strategy: strategyNamed(terms.strategy),
      strategies: strategiesNamed(terms.strategies, named),
      types: terms.types && terms.types.map(named),
      extraTypes: terms.extraTypes.map(named),
    };
  }

  private async naming(name: string, { tenantId }: Principal, work: () => Promise<Policy>): Promise<Policy> {
    if (presetNamed(name)) throw new PolicyNameTaken();
    try {
      return await this.database.inTenant(tenantId, work);
    } catch (error) {
      if (violates(error, 'anonymization_policies_tenant_id_name_key')) throw new PolicyNameTaken();
      throw error;
    }
  }

  private async mustFind(id: string, version?: number): Promise<Policy> {
    const policy = await this.policies.find(id);
    if (!policy) throw new PolicyNotFound();
    return atVersion(policy, version);
  }
}

export function termsOf(policy: PolicyTerms): PolicyTerms {
  const { description, strategy, strategies, types, extraTypes, minConfidence } = policy;
  return { description, strategy, strategies, types, extraTypes, minConfidence };
}

function mustBePreset(name: string): Preset {
  const preset = presetNamed(name);
  if (!preset) throw new PolicyNotFound();
  return preset;
}

function ownId(ref: PolicyRef): string {
  if (typeof ref !== 'string') return ref.id;
  mustBePreset(ref);
  throw new PolicyPreset();
}
