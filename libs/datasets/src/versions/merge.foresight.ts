import type { Database } from '#database';
import type { Issue } from '#kernel';
import type { Snapshot } from '../refs.ts';
import type { Verdict } from '../gates/gate.ts';
import type { GateJudge } from '../gates/gate.judge.ts';
import type { MergeContents } from './merge.contents.ts';
import type { PlannedChange } from './merge.planner.ts';

/** What stands before a branch, and what it would say of a merge; nothing is wrong where the lists are empty. */
export interface Foreseen {
  schema: Issue[];
  gates: Issue[];
  /** What would pass because a rule allows it. */
  allowed: NonNullable<Verdict['allowed']>;
}

/** Says of a merge that is planned what the schema and the gates would say of it. */
export class MergeForesight {
  constructor(
    private readonly database: Database,
    private readonly contents: Pick<MergeContents, 'foreseen'>,
    private readonly judge: Pick<GateJudge, 'foresee'>,
  ) {}

  async of(
    tenantId: string,
    {
      dataset,
      branch,
      commit,
      layers,
    }: Pick<Snapshot, 'dataset' | 'commit' | 'layers'> & { branch: { name: string | null } },
    planned: readonly PlannedChange[],
  ): Promise<Foreseen> {
    const { changes, issues: schema } = await this.contents.foreseen(tenantId, dataset.id, planned);
    const { issues: gates, verdicts } = await this.database.inTenant(tenantId, () =>
      this.judge.foresee(changes, { datasetId: dataset.id, branch: branch.name, commit, layers }, dataset.gates),
    );
    return { schema, gates, allowed: verdicts.flatMap(({ allowed }) => allowed ?? []) };
  }
}
