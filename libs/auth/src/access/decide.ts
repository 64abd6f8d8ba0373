import { WITHOUT_DATASET } from '../permissions.ts';
import { fit } from './conditions.ts';
import {
  type Cap,
  type Circumstances,
  type Classification,
  CLASSIFICATIONS,
  type Question,
  type Rights,
  type Rule,
} from './rule.ts';

export interface Decision {
  allowed: boolean;
  /** The rule that decided; null where none spoke for the caller, or the credential itself is too narrow. */
  by: Rule | null;
  /** What decided, by name: that rule, the `api-key`, or `default`. */
  policy: string;
  reason: string;
}

/**
 * Whether a caller may do something. A rule that denies wins over every one that allows, and where none allows it is
 * denied. What nobody has said counts against the caller: a rule that allows does not hold then, one that denies does.
 */
export function decide({ rules, cap }: Rights, question: Question): Decision {
  const narrow = cap && tooNarrow(cap, question);
  if (narrow) return { allowed: false, by: null, policy: 'api-key', reason: narrow };
  const denying = rules.find((rule) => rule.effect === 'deny' && matches(rule, question));
  if (denying) return { allowed: false, by: denying, policy: denying.name, reason: 'a rule denies it' };
  const allowing = rules.find((rule) => rule.effect === 'allow' && matches(rule, question));
  if (allowing) return { allowed: true, by: allowing, policy: allowing.name, reason: 'a rule allows it' };
  return { allowed: false, by: null, policy: 'default', reason: missing(rules, question) };
}

function matches(rule: Rule, question: Question): boolean {
  if (!isAbout(rule, question)) return false;
  const holds = fit(rule.conditions, question);
  return rule.effect === 'allow' ? holds === 'yes' : holds !== 'no';
}

function isAbout({ permissions, datasetId, expiresAt }: Rule, { permission, dataset, at }: Question): boolean {
  if (!permissions.includes(permission)) return false;
  if (datasetId !== null && datasetId !== dataset?.id) return false;
  return expiresAt === null || expiresAt > at;
}

function missing(rules: readonly Rule[], question: Question): string {
  const near = rules.some((rule) => rule.effect === 'allow' && isAbout(rule, question));
  return near ? 'the conditions of what would allow it do not hold' : 'the permission is missing';
}

function tooNarrow({ permissions, datasetIds }: Cap, { permission, dataset }: Question): string | null {
  if (!permissions.has(permission)) return 'the API key lacks that scope';
  if (!datasetIds) return null;
  const inReach = dataset ? datasetIds.has(dataset.id) : WITHOUT_DATASET.includes(permission);
  return inReach ? null : 'the API key is for other datasets';
}

/** The permissions of a list that hold without any dataset being named. */
export function heldAt<P extends string>(
  rights: Rights,
  circumstances: Circumstances,
  among: readonly P[],
): ReadonlySet<P> {
  const held = (permission: P): boolean => decide(rights, { ...circumstances, permission, dataset: null }).allowed;
  return new Set(among.filter(held));
}

/** Whether the answer is the same at every time, from every address and for every purpose. */
export function isConstant({ rules }: Rights): boolean {
  return rules.every(({ expiresAt, conditions }) => {
    const { purposes, networks, hours } = conditions;
    return expiresAt === null && !purposes && !networks && !hours;
  });
}

/** Whether one has to know how a dataset is classified before one can decide about this permission. */
export function needsClassification({ rules }: Rights, permission: string): boolean {
  return rules.some((rule) => rule.conditions.classifications && rule.permissions.includes(permission));
}

/** Of the datasets of one classification: all but some, or only some. */
export interface Part {
  all: boolean;
  /** The exceptions where it is all, and the only ones where it is not. */
  ids: string[];
}

/** To which datasets a caller may do one thing. */
export type Reach = Record<Classification, Part>;

/** A dataset no rule names. */
const ANY = '';

export function reachOf({ rules, cap }: Rights, permission: string, circumstances: Circumstances): Reach {
  const relevant = rules.filter((rule) => rule.permissions.includes(permission));
  const general = relevant.filter(({ datasetId }) => datasetId === null);
  const ofDataset = Map.groupBy(relevant, ({ datasetId }) => datasetId ?? ANY);
  const named = new Set([...(cap?.datasetIds ?? []), ...ofDataset.keys()]);
  named.delete(ANY);
  const part = (classification: Classification): Part => {
    const may = (id: string): boolean => {
      const about = id === ANY ? general : [...general, ...(ofDataset.get(id) ?? [])];
      const dataset = { id, classification };
      return decide({ rules: about, cap }, { ...circumstances, permission, dataset }).allowed;
    };
    const all = may(ANY);
    return { all, ids: [...named].filter((id) => may(id) !== all) };
  };
  return Object.fromEntries(CLASSIFICATIONS.map((name) => [name, part(name)])) as Reach;
}

/** Why not all datasets are open to a caller, told by one that nothing names. */
export function whyNotAll(rights: Rights, permission: string, circumstances: Circumstances): Decision {
  const decisions = CLASSIFICATIONS.map((classification) =>
    decide(rights, { ...circumstances, permission, dataset: { id: ANY, classification } }),
  );
  const reason = 'it is about all datasets, and not all of them are open to the caller';
  return decisions.find(({ allowed }) => !allowed) ?? { allowed: false, by: null, policy: 'default', reason };
}

export function isEverything(reach: Reach): boolean {
  return CLASSIFICATIONS.every((name) => reach[name].all && reach[name].ids.length === 0);
}

export function isNothing(reach: Reach): boolean {
  return CLASSIFICATIONS.every((name) => !reach[name].all && reach[name].ids.length === 0);
}
