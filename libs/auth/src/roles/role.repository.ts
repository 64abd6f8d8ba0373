import type { Database } from '#database';
import { Role } from './role.entity.ts';
import { TemporaryRole } from './temporary-role.entity.ts';

/** Roles of a tenant's own, and who has which for a while. Runs in a transaction of the tenant. */
export class RoleRepository {
  constructor(private readonly database: Database) {}

  async insert(role: Omit<Role, 'createdAt' | 'version'>): Promise<void> {
    await this.database.repository(Role).insert(role as never);
  }

  find(id: string): Promise<Role | null> {
    return this.database.repository(Role).findOneBy({ id });
  }

  findNamed(name: string): Promise<Role | null> {
    return this.database.repository(Role).findOneBy({ name });
  }

  /** By name. */
  all(): Promise<Role[]> {
    return this.database.repository(Role).find({ order: { name: 'ASC' } });
  }

  /** Changes it if it is still at that version. */
  async update(id: string, version: number, change: Partial<Role>): Promise<boolean> {
    const { affected } = await this.database
      .repository(Role)
      .update({ id, version }, { ...change, version: version + 1 } as never);
    return affected === 1;
  }

  async delete(id: string, version: number): Promise<boolean> {
    const { affected } = await this.database.repository(Role).delete({ id, version });
    return affected === 1;
  }

  async isUsed(name: string): Promise<boolean> {
    const [row] = await this.database.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM users WHERE $1 = ANY (roles))
           OR EXISTS (SELECT FROM temporary_roles WHERE role = $1)
           OR EXISTS (SELECT FROM dataset_grants WHERE role = $1) AS used`,
      [name],
    );
    return row!.used;
  }

  /** The names of all roles a user has at the moment; null when there is no such user. */
  async namesOf(userId: string): Promise<{ lasting: string[]; temporary: TemporaryRole[] } | null> {
    const [user] = await this.database.query<{ roles: string[] }>('SELECT roles FROM users WHERE id = $1', [userId]);
    if (!user) return null;
    const temporary = await this.database
      .repository(TemporaryRole)
      .createQueryBuilder('given')
      .where('given.userId = :userId AND given.expiresAt > now()', { userId })
      .orderBy('given.role')
      .getMany();
    return { lasting: user.roles, temporary };
  }

  /** Gives a role until a time; when it was given already, until another one. */
  async lend(given: Omit<TemporaryRole, 'createdAt'>): Promise<void> {
    await this.database.repository(TemporaryRole).upsert(given, ['userId', 'role']);
    await this.database
      .repository(TemporaryRole)
      .createQueryBuilder()
      .delete()
      .where('user_id = :userId AND expires_at <= now()', { userId: given.userId })
      .execute();
  }

  async takeBack(userId: string, role: string): Promise<boolean> {
    const { affected } = await this.database.repository(TemporaryRole).delete({ userId, role });
    return affected === 1;
  }
}
