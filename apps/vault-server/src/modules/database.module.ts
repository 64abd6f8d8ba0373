import { type DynamicModule, Module } from '@nestjs/common';
import { Audit } from '#audit';
import { Database, Migrator } from '#database';
import { KeyService } from '#crypto';
import { Idempotency } from '#idempotency';
import { provided } from '#kernel';
import { Outbox } from '#queue';
import type { Platform } from '../platform.ts';

/** Transactions, and what is written inside of every one that changes something. */
@Module({})
export class DatabaseModule {
  static forRoot({ database, opened }: Platform): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Database, useValue: database },
        { provide: Migrator, useValue: opened.migrator },
        provided(Audit, [Database]),
        provided(Outbox, [Database]),
        provided(Idempotency, [Database, KeyService]),
      ],
      exports: [Database, Migrator, Audit, Outbox, Idempotency],
    };
  }
}
