import type { KeyManagement, SigningKeyStore } from '#crypto';
import type { Database } from '#database';
import { showId } from '#kernel';

export interface Census {
  current: string;
  /** Every root key: how much is under it, and whether it is here. One with nothing under it may be retired. */
  root_keys: { id: string; here: boolean; current: boolean; tenant_keys: number; signing_keys: number }[];
  tenants: {
    tenant: string;
    current_version: number;
    /** How many segments and secrets of users are under each version. */
    versions: { version: number; root_key: string; segments: number; user_secrets: number }[];
  }[];
}

interface VersionRow {
  version: number;
  root_key: string;
  segments: number;
  user_secrets: number;
}

const VERSIONS = `SELECT k.version, k.root_key_id AS root_key,
    (SELECT count(*)::int FROM segments s WHERE s.tenant_key_version = k.version) AS segments,
    (SELECT count(*)::int FROM second_factors f WHERE f.tenant_key_version = k.version) AS user_secrets
  FROM tenant_keys k ORDER BY k.version`;

/** Counts what is under which key. */
export class KeyCensus {
  constructor(
    private readonly database: Database,
    private readonly kms: KeyManagement,
    private readonly signing: SigningKeyStore,
    private readonly tenants: () => Promise<{ id: string }[]>,
  ) {}

  async take(): Promise<Census> {
    const tenants: Census['tenants'] = [];
    for (const { id } of await this.tenants()) {
      const versions = await this.database.inTenant(id, () => this.database.query<VersionRow>(VERSIONS));
      tenants.push({ tenant: showId('ten', id), current_version: versions.at(-1)?.version ?? 0, versions });
    }
    const signing = (await this.signing.list()).map(({ seed }) => seed.keyId);
    const under = tenants.flatMap(({ versions }) => versions.map((each) => each.root_key));
    const current = this.kms.currentKeyId();
    const ids = new Set([current, ...this.kms.keyIds(), ...under, ...signing]);
    const root_keys = [...ids].map((id) => ({
      id,
      here: this.kms.keyIds().includes(id),
      current: id === current,
      tenant_keys: under.filter((each) => each === id).length,
      signing_keys: signing.filter((each) => each === id).length,
    }));
    return { current, root_keys, tenants };
  }
}
