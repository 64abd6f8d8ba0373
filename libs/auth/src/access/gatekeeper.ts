import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Clock, currentContext, type Log, type Principal, showId } from '#kernel';
import { Forbidden } from '../auth.errors.ts';
import type { AuthCounters } from '../authentication.log.ts';
import { MASKED, type Viewable } from '../permissions.ts';
import type { DatasetDirectory } from './dataset.directory.ts';
import {
  type Decision,
  decide,
  isEverything,
  isNothing,
  needsClassification,
  type Reach,
  reachOf,
  whyNotAll,
} from './decide.ts';
import { rightsOf } from './rights.ts';
import { type Circumstances, FIRST_CLASSIFICATION, type Rights } from './rule.ts';

/**
 * What something is done to: one dataset; all of them together; each of those the caller may have, which whoever asks
 * then looks at one by one; or none, because it is about something else.
 */
export type About = { dataset: string } | 'all' | 'each' | 'none';

export interface GatekeeperParts {
  database: Database;
  datasets: DatasetDirectory;
  audit: Audit;
  counters: AuthCounters;
  clock: Clock;
  log: Log;
}

const ALLOWED: Decision = { allowed: true, by: null, policy: 'default', reason: 'rules allow it' };

const THROUGH_VIEWS = 'the caller reads through views alone, and the request names none with ?view=';

/** The one place that says yes or no. */
export class Gatekeeper {
  constructor(private readonly parts: GatekeeperParts) {}

  /**
   * Lets pass who may, and tells of everybody else to the log and to the audit of their tenant.
   *
   * @throws Forbidden, AuditUnavailable
   */
  async demand(caller: Principal, permission: string, about: About, resource: string): Promise<void> {
    const decision = await this.decide(caller, permission, about);
    if (!decision.allowed) await this.refuse(caller, permission, resource, decision);
  }

  /**
   * The same where records can be read through a view, and are when one is named: then the right to that is enough.
   *
   * @throws Forbidden, AuditUnavailable
   */
  async demandThrough(
    view: string | undefined,
    caller: Principal,
    permission: Viewable,
    { about, resource }: { about: About; resource: string },
  ): Promise<void> {
    const plain = await this.decide(caller, permission, about);
    if (plain.allowed) return;
    const masked = MASKED[permission];
    if (view === undefined) {
      // Whoever may read through some view is told so.
      const question = { permission: masked, about, circumstances: this.now(caller) };
      const { allowed } = await this.judge(caller.tenantId, unbound(rightsOf(caller)), question);
      return this.refuse(caller, permission, resource, allowed ? { ...plain, reason: THROUGH_VIEWS } : plain);
    }
    const decision = await this.decide(caller, masked, about, view);
    if (!decision.allowed) await this.refuse(caller, masked, resource, decision);
  }

  async decide(caller: Principal, permission: string, about: About, view?: string): Promise<Decision> {
    const circumstances = { ...this.now(caller), view };
    return this.judge(caller.tenantId, rightsOf(caller), { permission, about, circumstances });
  }

  /** The same for rights that are not those of the caller. */
  async judge(
    tenantId: string,
    rights: Rights,
    { permission, about, circumstances }: { permission: string; about: About; circumstances: Circumstances },
  ): Promise<Decision> {
    const question = { ...circumstances, permission };
    if (about === 'none') return decide(rights, { ...question, dataset: null });
    if (typeof about === 'string') {
      const reach = reachOf(rights, permission, circumstances);
      const enough = about === 'all' ? isEverything(reach) : !isNothing(reach);
      return enough ? ALLOWED : whyNotAll(rights, permission, circumstances);
    }
    const { dataset: id } = about;
    if (!needsClassification(rights, permission)) {
      return decide(rights, { ...question, dataset: { id, classification: FIRST_CLASSIFICATION } });
    }
    const { database, datasets } = this.parts;
    const classification = await database.inTenant(tenantId, () => datasets.classificationOf(id));
    // Where there is none, whoever could have had it hears that; the others hear the same as of those that are there.
    if (!classification) return this.judge(tenantId, rights, { permission, about: 'each', circumstances });
    return decide(rights, { ...question, dataset: { id, classification } });
  }

  /** To which datasets the caller may do something, for lists of them and of what is in them. */
  reach(caller: Principal, permission: string): Reach {
    return reachOf(rightsOf(caller), permission, this.now(caller));
  }

  /** When, from where and what for a request is made. */
  now(caller?: Principal): Circumstances {
    const context = currentContext();
    const bound = caller && rightsOf(caller).purpose;
    return { at: this.parts.clock.now(), ip: context?.ip, purpose: bound ?? context?.purpose };
  }

  /** @throws Forbidden always, unless that cannot be written down */
  async refuse(caller: Principal, action: string, resource: string, decision: Decision): Promise<never> {
    const { audit, database, counters, log } = this.parts;
    const { reason, policy } = decision;
    counters.denied();
    const denied = { action, resource, result: 'denied', reason } as const;
    log.warn({ event_type: 'authorization', ...denied, policy, actor: showId('usr', caller.id) }, 'access denied');
    // What is refused is rolled back, and that it was refused is not.
    await database.apart(caller.tenantId, () => audit.append(caller, { ...denied, details: { policy } }));
    throw new Forbidden(action, reason);
  }
}

/** As if every view would do. */
function unbound({ rules, ...rights }: Rights): Rights {
  return {
    ...rights,
    rules: rules.map((rule) => ({ ...rule, conditions: { ...rule.conditions, views: undefined } })),
  };
}
