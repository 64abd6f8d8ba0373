import type { DataSource } from 'typeorm';

export interface PoolStats {
  active: number;
  idle: number;
  waiting: number;
  max: number;
}

export function poolStatsOf(dataSource: DataSource): PoolStats {
  const pool = (dataSource.driver as unknown as { master: PoolLike }).master;
  const active = pool.totalCount - pool.idleCount;
  return { active, idle: pool.idleCount, waiting: pool.waitingCount, max: pool.options.max };
}

interface PoolLike {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
  options: { max: number };
}
