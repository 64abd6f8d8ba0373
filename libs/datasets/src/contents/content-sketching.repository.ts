import type { Database } from '#database';
import { ContentHashingRepository } from './content-hashing.repository.ts';

/** The same of sketches. */
export class ContentSketchingRepository extends ContentHashingRepository {
  constructor(database: Database) {
    super(database, { rows: 'content_sketches', progress: 'content_sketchings' });
  }
}
