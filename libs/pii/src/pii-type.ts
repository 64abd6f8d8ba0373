import { UnknownPiiType } from './pii.errors.ts';
import { TYPE_ROWS } from './type-rows.ts';
import type { Risk } from './risk.ts';

/** A canonical name: UPPER_SNAKE, one of `piiTypes`. */
export type PiiType = string;

export interface PiiTypeInfo {
  type: PiiType;
  family: string;
  risk: Risk;
  description: string;
  /** Whether a scan looks for it without being asked to. */
  defaultOn: boolean;
}

export const piiTypes: readonly PiiTypeInfo[] = TYPE_ROWS.map(([type, family, risk, description, when]) => ({
  type,
  family,
  risk,
  description,
  defaultOn: when !== 'opt-in',
}));

const byName = new Map(piiTypes.map((info) => [info.type, info]));

/**
 * The canonical name for a name in any case.
 *
 * @throws UnknownPiiType
 */
export function piiTypeNamed(name: string): PiiType {
  return infoOf(name).type;
}

/** The same, where `own` are the names of a tenant's own types, which count too. @throws UnknownPiiType */
export function typeNamedAmong(name: string, own: readonly string[]): PiiType {
  const canonical = canonicalOf(name);
  return own.includes(canonical) ? canonical : piiTypeNamed(canonical);
}

/** A name as it is kept, whether there is such a type or not. */
export function canonicalOf(name: string): string {
  return name.trim().toUpperCase().replaceAll('-', '_');
}

/** @throws UnknownPiiType */
export function riskOf(type: PiiType): Risk {
  return infoOf(type).risk;
}

function infoOf(name: string): PiiTypeInfo {
  const info = byName.get(canonicalOf(name));
  if (!info) throw new UnknownPiiType();
  return info;
}
