import { type TenantKeyRow, TenantKeyStore } from '../tenant-key.store.ts';

export class MemoryTenantKeyStore extends TenantKeyStore {
  private readonly rows = new Map<string, TenantKeyRow[]>();

  override async current(tenantId: string): Promise<TenantKeyRow | null> {
    const versions = this.rows.get(tenantId) ?? [];
    return versions.reduce<TenantKeyRow | null>((a, b) => (a && a.version > b.version ? a : b), null);
  }

  override async find(tenantId: string, version: number): Promise<TenantKeyRow | null> {
    return this.rows.get(tenantId)?.find((row) => row.version === version) ?? null;
  }

  override async insert(row: TenantKeyRow): Promise<boolean> {
    const versions = this.rows.get(row.tenantId) ?? [];
    if (versions.some(({ version }) => version === row.version)) return false;
    this.rows.set(row.tenantId, [...versions, row]);
    return true;
  }
}
