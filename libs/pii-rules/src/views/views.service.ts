import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import { piiTypes } from '#pii';
import { atVersion, VersionMismatch } from '#rest';
import { type AnonymizationChoice, choiceBy, labelOf } from '../anonymization-choice.ts';
import type { PoliciesService, PolicyRef } from '../policies.service.ts';
import type { TenantRules } from '../tenant-rules.ts';
import type { View } from './view.entity.ts';
import { ViewNameTaken, ViewNotFound, ViewUnusable } from './view.errors.ts';
import type { ViewRepository, ViewTerms } from './view.repository.ts';

export interface AskView {
  description: string;
  policy: PolicyRef;
  /** JSON Pointers. */
  without: string[];
}

/** What is done to records that are read through a view. */
export interface ViewChoice extends Omit<AnonymizationChoice, 'policy'> {
  /** Which view it is and how often it was changed, so that it can be told later what was shown. */
  label: string;
  without: string[];
}

const builtIn: ReadonlySet<string> = new Set(piiTypes.map(({ type }) => type));

/** Views of a tenant: names under which records are read without some of what is in them. */
export class ViewsService {
  constructor(
    private readonly database: Database,
    private readonly views: ViewRepository,
    private readonly policies: PoliciesService,
    private readonly rules: TenantRules,
    private readonly audit: Audit,
  ) {}

  /** @throws PolicyNotFound, ViewNameTaken */
  async create(caller: Principal, name: string, ask: AskView): Promise<View> {
    const { tenantId } = caller;
    const terms = await this.termsOf(caller, ask);
    const id = newId();
    try {
      return await this.database.inTenant(tenantId, async () => {
        await this.views.insert({ id, tenantId, name, createdBy: caller.id, ...terms });
        await this.tell(caller, 'create', id, { name, policy: terms.policy });
        return this.mustFind(name);
      });
    } catch (error) {
      if (violates(error, 'masking_views_tenant_id_name_key')) throw new ViewNameTaken();
      throw error;
    }
  }

  /** Oldest first. @throws BadCursor */
  list({ tenantId }: Principal, limit: number, cursor?: string): Promise<Page<View>> {
    const after = idAfter(cursor);
    return this.database.inTenant(tenantId, async () => pageById(await this.views.page(limit + 1, after), limit));
  }

  /** @throws ViewNotFound */
  get({ tenantId }: Principal, name: string): Promise<View> {
    return this.database.inTenant(tenantId, () => this.mustFind(name));
  }

  /** @throws ViewNotFound, PolicyNotFound, VersionMismatch */
  async replace(caller: Principal, name: string, ask: AskView, version?: number): Promise<View> {
    const terms = await this.termsOf(caller, ask);
    return this.database.inTenant(caller.tenantId, async () => {
      const before = await this.mustFind(name, version);
      if (!(await this.views.update(before.id, before.version, terms))) throw new VersionMismatch();
      await this.tell(caller, 'change', before.id, { name, policy: terms.policy });
      return this.mustFind(name);
    });
  }

  /** Whoever reads through it reads nothing from then on. @throws ViewNotFound, VersionMismatch */
  remove(caller: Principal, name: string, version?: number): Promise<void> {
    return this.database.inTenant(caller.tenantId, async () => {
      const view = await this.mustFind(name, version);
      if (!(await this.views.delete(view.id, view.version))) throw new VersionMismatch();
      await this.tell(caller, 'delete', view.id, { name });
    });
  }

  /**
   * For who shows records through it. A type that it names and that is no more would not be found and not be taken out: then
   * nothing is shown.
   *
   * @throws ViewNotFound, ViewUnusable
   */
  async choiceOf({ tenantId }: Principal, name: string): Promise<ViewChoice> {
    const view = await this.database.inTenant(tenantId, () => this.mustFind(name));
    const own = (await this.rules.typesOf(tenantId)).map(({ type }) => type);
    if (typesIn(view).some((type) => !builtIn.has(type) && !own.includes(type))) {
      const detail = 'The view names a type of personal data that is no more';
      throw new ViewUnusable().with({ issues: [{ pointer: '/view', detail }] });
    }
    return { ...choiceBy(view, own), label: labelOf('vw', view), without: view.without };
  }

  private async termsOf(caller: Principal, { policy, description, without }: AskView): Promise<ViewTerms> {
    const terms = await this.policies.get(caller, policy);
    const { strategy, strategies, types, extraTypes, minConfidence } = terms;
    return {
      description,
      policy: 'id' in terms ? labelOf('pol', terms) : terms.name,
      strategy,
      strategies: { ...strategies },
      types: types && [...types],
      extraTypes: [...extraTypes],
      minConfidence,
      without,
    };
  }

  private tell(caller: Principal, verb: string, id: string, details: Record<string, string>): Promise<void> {
    return this.audit.append(caller, { action: `view.${verb}`, resource: showId('vw', id), details });
  }

  private async mustFind(name: string, version?: number): Promise<View> {
    const view = await this.views.find(name);
    if (!view) throw new ViewNotFound();
    return atVersion(view, version);
  }
}

function typesIn({ strategies, types, extraTypes }: View): string[] {
  return [...Object.keys(strategies), ...(types ?? []), ...extraTypes];
}
