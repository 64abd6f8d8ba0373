import type { QueryRunner } from 'typeorm';

/** Turns row-level security on: a row is seen and written only in a transaction of its tenant. */
export async function secureByTenant(db: QueryRunner, ...tables: string[]): Promise<void> {
  for (const table of tables) {
    await db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
    await db.query(
      `CREATE POLICY ${table}_tenant ON ${table}
         USING (tenant_id = (SELECT vault_tenant())) WITH CHECK (tenant_id = (SELECT vault_tenant()))`,
    );
  }
}
