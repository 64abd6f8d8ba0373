import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { UserRepository } from '#auth';
import { SigningKeys } from '#crypto';
import { Log, providedBy } from '#kernel';
import { AuditKeeper } from './audit-keeper.ts';
import type { AuditTrailRoom } from './audit-trail.parts.ts';
import { AuditTrail } from './audit-trail.service.ts';
import { AuditController } from './http/audit.controller.ts';
import { PublicKeysController } from './http/public-keys.controller.ts';

export interface AuditTrailOptions {
  room: AuditTrailRoom;
  signing: SigningKeys;
}

/** Keeps the audit sealed, and lets those read it who may. */
@Module({})
export class AuditTrailModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(AuditKeeper) private readonly keeper: AuditKeeper) {}

  static forRoot({ room, signing }: AuditTrailOptions): DynamicModule {
    return {
      module: AuditTrailModule,
      controllers: [AuditController, PublicKeysController],
      providers: [
        { provide: AuditTrail, useValue: room.trail },
        { provide: SigningKeys, useValue: signing },
        providedBy(AuditKeeper, [UserRepository, Log], (tenants, log) => new AuditKeeper({ ...room, tenants, log })),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.keeper.stop();
  }
}
