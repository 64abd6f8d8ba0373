import { createHash } from 'node:crypto';
import type { AccessEpochs } from '#auth';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { type OwnRules, type OwnType, type PiiTypeInfo, typeNamedAmong } from '#pii';
import type { AllowedValueRepository } from './allowed-value.repository.ts';
import type { CustomTypesService } from './custom-types.service.ts';
import { ownTypeOf } from './type-definition.ts';

/** Tenants whose rules are remembered. */
const KEPT = 1000;
const FAMILY = 'custom';

interface Remembered {
  epoch: number;
  /** Null where the tenant has none: then nothing is done for it that would cost time. */
  rules: OwnRules | null;
  types: readonly PiiTypeInfo[];
}

/**
 * What each tenant says of personal data, as scanning needs it. Remembered, and read anew when a number that every change
 * raises is another one: on the server that made the change at once, on others within two seconds.
 */
export class TenantRules {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly database: Database,
    private readonly types: CustomTypesService,
    private readonly allowed: AllowedValueRepository,
    private readonly keys: KeyService,
    private readonly epochs: AccessEpochs,
  ) {}

  /** For one task; its key is the caller's own, to be overwritten. */
  async of(tenantId: string): Promise<OwnRules | null> {
    const { rules } = await this.current(tenantId);
    return rules && { ...rules, allowKey: rules.allowKey.slice() };
  }

  /** The tenant's own types, by name. */
  async typesOf(tenantId: string): Promise<readonly PiiTypeInfo[]> {
    return (await this.current(tenantId)).types;
  }

  /** Turns names of types in any case into canonical ones; the tenant's own count too. */
  async naming(tenantId: string): Promise<(name: string) => string> {
    const own = (await this.typesOf(tenantId)).map(({ type }) => type);
    return (name) => typeNamedAmong(name, own);
  }

  private async current(tenantId: string): Promise<Remembered> {
    // The number first: what is read after it cannot be older than it.
    const epoch = await this.epochs.current(tenantId);
    const known = this.remembered.get(tenantId);
    if (known?.epoch === epoch) return known;
    const read = { epoch, ...(await this.read(tenantId)) };
    if (this.remembered.size >= KEPT) this.remembered.clear();
    this.remembered.set(tenantId, read);
    return read;
  }

  private async read(tenantId: string): Promise<Omit<Remembered, 'epoch'>> {
    const secret = await this.types.secret(tenantId);
    const allowKey = await this.keys.tenantSecret(tenantId, 'pii-allow');
    const { types, allowed } = await this.database.inTenant(tenantId, async () => ({
      types: await this.types.all(secret),
      allowed: await this.allowed.rules(),
    }));
    const own = types.map(({ type, definition }) => ownTypeOf(type, definition));
    const rules = own.length + allowed.length === 0 ? null : rulesOf(tenantId, own, allowed, allowKey);
    return { rules, types: types.map(({ type: { description } }, i) => infoOf(description, own[i]!)) };
  }
}

function rulesOf(tenantId: string, own: OwnType[], allowed: unknown[], allowKey: Uint8Array): OwnRules {
  const rules = { types: JSON.stringify(own), allowed: JSON.stringify(allowed), allowKey };
  const digest = createHash('sha256').update(rules.types).update('\0').update(rules.allowed).digest('hex');
  return { id: `${tenantId} ${digest}`, ...rules };
}

function infoOf(description: string, { name, risk }: OwnType): PiiTypeInfo {
  return { type: name, family: FAMILY, risk, description, defaultOn: true };
}
