import { type Classification, DatasetDirectory } from '#auth';
import type { DatasetRepository } from './dataset.repository.ts';

/** What the room of rights asks this one. */
export class KeptDatasets extends DatasetDirectory {
  private readonly datasets: DatasetRepository;

  constructor(datasets: DatasetRepository) {
    super();
    this.datasets = datasets;
  }

  override async classificationOf(id: string): Promise<Classification | null> {
    return (await this.datasets.find(id))?.classification ?? null;
  }

  override async mustExist(id: string): Promise<void> {
    await this.datasets.mustFind(id);
  }
}
