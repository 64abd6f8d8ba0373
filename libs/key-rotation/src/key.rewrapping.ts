import type { Audit } from '#audit';
import type { KeyService, SigningKeys, TenantKeyRow } from '#crypto';
import type { Database } from '#database';
import { showId } from '#kernel';

export interface Rewrapped {
  tenant_keys: number;
  signing_keys: number;
  segments: number;
}

interface KeyRow {
  version: number;
  root_key_id: string;
  key_salt: Buffer;
  key_wrapped: Buffer;
  key_commitment: Buffer;
  secret_salt: Buffer;
  secret_wrapped: Buffer;
  secret_commitment: Buffer;
}
interface SegmentRow {
  id: string;
  dataset_id: string;
  tenant_key_version: number;
  key_salt: Buffer;
  key_wrapped: Buffer;
  key_commitment: Buffer;
}

const PAGE = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';
const OLD_SEGMENTS = `SELECT id, dataset_id, tenant_key_version, key_salt, key_wrapped, key_commitment FROM segments
  WHERE id > $1 AND tenant_key_version < (SELECT max(version) FROM tenant_keys) ORDER BY id LIMIT ${PAGE}`;
/** Only where nobody else was first: a row that changed meanwhile is looked at in the next run. */
const MOVE_SEGMENT = `UPDATE segments SET tenant_key_version = $3, key_salt = $4, key_wrapped = $5, key_commitment = $6
  WHERE id = $1 AND tenant_key_version = $2`;
const MOVE_KEY = `UPDATE tenant_keys SET root_key_id = $3, key_salt = $4, key_wrapped = $5, key_commitment = $6
  WHERE version = $1 AND root_key_id = $2`;

/**
 * Brings every wrapped key under the current one above it, a few rows at a time and beside servers at work: the keys
 * themselves stay, so whoever holds one goes on. Cut short, it is run again and does what is left.
 */
export class KeyRewrapping {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyService,
    private readonly signing: SigningKeys,
    private readonly audit: Audit,
    private readonly tenants: () => Promise<{ id: string }[]>,
  ) {}

  /** @throws KeyUnavailable when the root key is not here that something is under */
  async run(): Promise<Rewrapped> {
    const done: Rewrapped = { tenant_keys: 0, signing_keys: await this.signing.rewrap(), segments: 0 };
    for (const { id: tenantId } of await this.tenants()) {
      const tenantKeys = await this.tenantKeys(tenantId);
      const segments = await this.segments(tenantId);
      done.tenant_keys += tenantKeys;
      done.segments += segments;
      if (tenantKeys + segments === 0) continue;
      const details = { tenant_keys: tenantKeys, segments };
      const entry = { action: 'key.rewrap', resource: showId('ten', tenantId), details };
      await this.database.inTenant(tenantId, () => this.audit.append({ id: null, tenantId }, entry));
    }
    return done;
  }

  private async tenantKeys(tenantId: string): Promise<number> {
    const rows = await this.database.inTenant(tenantId, () => this.database.query<KeyRow>('SELECT * FROM tenant_keys'));
    let done = 0;
    for (const row of rows) {
      const rewrapped = await this.keys.rewrapTenantKey(tenantKeyOf(tenantId, row));
      if (!rewrapped) continue;
      const { keyId, salt, wrapped, commitment } = rewrapped.key;
      await this.database.inTenant(tenantId, () =>
        this.database.query(MOVE_KEY, [
          row.version,
          row.root_key_id,
          keyId,
          Buffer.from(salt),
          Buffer.from(wrapped),
          Buffer.from(commitment),
        ]),
      );
      done += 1;
    }
    return done;
  }

  private async segments(tenantId: string): Promise<number> {
    let done = 0;
    for (let after = FIRST; ;) {
      const rows = await this.database.inTenant(tenantId, () => this.database.query<SegmentRow>(OLD_SEGMENTS, [after]));
      for (const row of rows) done += await this.segment(tenantId, row);
      if (rows.length < PAGE) return done;
      after = rows.at(-1)!.id;
    }
  }

  private async segment(tenantId: string, row: SegmentRow): Promise<number> {
    const place = { tenantId, datasetId: row.dataset_id, segmentId: row.id };
    const rewrapped = await this.keys.rewrapSegmentKey(place, {
      tenantKeyVersion: row.tenant_key_version,
      salt: row.key_salt,
      wrapped: row.key_wrapped,
      commitment: row.key_commitment,
    });
    if (!rewrapped) return 0;
    const columns = [rewrapped.salt, rewrapped.wrapped, rewrapped.commitment].map((bytes) => Buffer.from(bytes));
    await this.database.inTenant(tenantId, () =>
      this.database.query(MOVE_SEGMENT, [row.id, row.tenant_key_version, rewrapped.tenantKeyVersion, ...columns]),
    );
    return 1;
  }
}

function tenantKeyOf(tenantId: string, row: KeyRow): TenantKeyRow {
  return {
    tenantId,
    version: row.version,
    key: { keyId: row.root_key_id, salt: row.key_salt, wrapped: row.key_wrapped, commitment: row.key_commitment },
    secret: { salt: row.secret_salt, wrapped: row.secret_wrapped, commitment: row.secret_commitment },
  };
}
