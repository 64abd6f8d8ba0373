import type { Database } from '#database';
import { Dataset } from '../dataset.entity.ts';
import { DatasetSchema } from './dataset-schema.entity.ts';

/** Schemas of datasets; every method runs in the caller's transaction. */
export class SchemaRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** The one that holds; null where none does. */
  current(datasetId: string): Promise<DatasetSchema | null> {
    return this.database
      .repository(DatasetSchema)
      .createQueryBuilder('schema')
      .innerJoin(Dataset, 'dataset', 'dataset.id = schema.datasetId AND dataset.schemaVersion = schema.version')
      .where('schema.datasetId = :datasetId', { datasetId })
      .getOne();
  }

  find(datasetId: string, version: number): Promise<DatasetSchema | null> {
    return this.database.repository(DatasetSchema).findOneBy({ datasetId, version });
  }

  /** Makes it the one that holds. */
  async insert(schema: Omit<DatasetSchema, 'createdAt'>): Promise<void> {
    const { datasetId, recordKind, version } = schema;
    await this.database.repository(DatasetSchema).insert(schema);
    await this.database.repository(Dataset).update(datasetId, {
      recordKind,
      schemaVersion: version,
      version: () => 'version + 1',
      updatedAt: () => 'now()',
    });
  }
}
