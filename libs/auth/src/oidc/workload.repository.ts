import { MoreThan } from 'typeorm';
import type { Database } from '#database';
import { Workload } from './workload.entity.ts';

export class WorkloadRepository {
  constructor(private readonly database: Database) {}

  /** By the id a program names, before a tenant is known. */
  findNamed(id: string): Promise<Workload | null> {
    return this.database.withoutTenant({ 'vault.workload': id }, () =>
      this.database.repository(Workload).findOneBy({ id }),
    );
  }

  find(id: string): Promise<Workload | null> {
    return this.database.repository(Workload).findOneBy({ id });
  }

  /** Oldest first. */
  page(take: number, after: string | null): Promise<Workload[]> {
    const where = after ? { id: MoreThan(after) } : {};
    return this.database.repository(Workload).find({ where, order: { id: 'ASC' }, take });
  }

  async insert(workload: Omit<Workload, 'createdAt'>): Promise<void> {
    await this.database.repository(Workload).insert(workload as never);
  }

  async delete(id: string): Promise<void> {
    await this.database.repository(Workload).delete(id);
  }

  /** A session without a refresh token: it lives as long as the one access token it is for. */
  async openSession(session: { id: string; workload: Workload; ip: string | null; seconds: number }): Promise<void> {
    const { id, workload, ip, seconds } = session;
    const { tenantId, userId } = workload;
    await this.database.query(`DELETE FROM sessions WHERE user_id = $1 AND expires_at < now() - interval '1 day'`, [
      userId,
    ]);
    await this.database.query(
      `INSERT INTO sessions (id, tenant_id, user_id, method, ip, expires_at)
         VALUES ($1, $2, $3, 'workload', $4, now() + make_interval(secs => $5))`,
      [id, tenantId, userId, ip, seconds],
    );
  }
}
