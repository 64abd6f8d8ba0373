/** How guarded a dataset is, from open to closed. */
export const CLASSIFICATIONS = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** What new data is until somebody has looked: nobody gets it by a role that is for harmless data. */
export const FIRST_CLASSIFICATION: Classification = 'confidential';

export type Effect = 'allow' | 'deny';

/** A time of the week, by the clock of a place. From 22:00 until 06:00 is a night that belongs to the day it began. */
export interface Hours {
  /** `08:00`; included. */
  from: string;
  /** `18:00`; not included. */
  until: string;
  /** 1 is Monday; every day when left out. */
  days?: number[];
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
}

/** All of these must hold; one that is left out always does. */
export interface Conditions {
  purposes?: string[];
  classifications?: Classification[];
  /** Addresses and networks (CIDR) of the caller. */
  networks?: string[];
  hours?: Hours;
  /** Names of views; only where every permission is one of reading through views. */
  views?: string[];
}

/** One thing that speaks for or against a caller: a role somebody has, or a grant. */
export interface Rule {
  /** As logs and answers name it: `role auditor`, `grant grt_…`. Never text that somebody chose. */
  name: string;
  effect: Effect;
  permissions: readonly string[];
  /** The one dataset it is about; null for all of them, and for what has nothing to do with datasets. */
  datasetId: string | null;
  conditions: Conditions;
  expiresAt: Date | null;
}

/** What a caller may do at the most, however much the rules allow: an API key is narrower than its owner. */
export interface Cap {
  permissions: ReadonlySet<string>;
  /** Null for all. */
  datasetIds: ReadonlySet<string> | null;
}

/** All that speaks for and against one caller. */
export interface Rights {
  rules: readonly Rule[];
  cap: Cap | null;
  /** What the credential is for. Where it says so, the request cannot say otherwise. */
  purpose?: string;
}

/** What a caller is about to do. */
export interface Question extends Circumstances {
  permission: string;
  /** Null where it is about no dataset. */
  dataset: { id: string; classification: Classification } | null;
}

export interface Circumstances {
  /** Why, as the caller says; undefined when nothing was said. */
  purpose?: string;
  ip?: string;
  at: Date;
  /** The view that records are read through; undefined for what they are. */
  view?: string;
}
