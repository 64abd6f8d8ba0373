import type { Audit } from '#audit';
import type { KeyService, SigningKeys } from '#crypto';
import type { Database } from '#database';
import type { Clock } from '#kernel';
import type { BlobStore } from '#storage';
import { Anchors } from './anchors.ts';
import type { AuditConfig } from './audit-trail.config.ts';
import { AuditTrail } from './audit-trail.service.ts';
import { Bundles } from './bundles.ts';
import { ChainRepository } from './chain.repository.ts';
import { ChainVerification } from './chain.verification.ts';
import { CheckpointRepository } from './checkpoint.repository.ts';
import { Checkpointer } from './checkpointer.ts';
import { DailyExport } from './daily-export.ts';
import { EventRepository } from './event.repository.ts';
import { Sealer } from './sealer.ts';

/** What the room stands on. */
export interface AuditTrailGround {
  database: Database;
  audit: Audit;
  keys: KeyService;
  signing: SigningKeys;
  /** Stores of their own: among the sealed objects is nothing but sealed objects. */
  anchors: BlobStore;
  exports: BlobStore;
  clock: Clock;
  config: Pick<AuditConfig, 'checkpoint_entries' | 'checkpoint_seconds'>;
}

export interface AuditTrailRoom {
  trail: AuditTrail;
  verification: ChainVerification;
  sealer: Sealer;
  checkpointer: Checkpointer;
  anchors: Anchors;
  exports: DailyExport;
}

/** Puts the room together: for the server, and for commands that run without one. */
export function openAuditTrail(ground: AuditTrailGround): AuditTrailRoom {
  const { database, audit, keys, signing, clock, config } = ground;
  const chain = new ChainRepository(database);
  const checkpoints = new CheckpointRepository(database);
  const sealer = new Sealer(database, chain, keys);
  const limits = { entries: config.checkpoint_entries, seconds: config.checkpoint_seconds };
  const checkpointer = new Checkpointer(database, chain, checkpoints, signing, limits);
  const anchors = new Anchors(database, checkpoints, ground.anchors, clock);
  const bundles = new Bundles(database, chain, checkpoints, signing, clock);
  const verification = new ChainVerification({ database, chain, checkpoints, anchors, sealer, signing });
  const events = new EventRepository(database);
  const trail = new AuditTrail({ database, audit, chain, events, checkpoints, bundles, sealer, verification });
  const exports = new DailyExport(database, bundles, ground.exports, audit, clock);
  return { trail, verification, sealer, checkpointer, anchors, exports };
}
