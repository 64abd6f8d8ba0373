import { Body, Controller, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent } from '#rest';
import type { Resolution } from '../versions/merge.planner.ts';
import { type AskMerge as Asked, type Merge, MergesService } from '../versions/merges.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { AskCherryPick, AskMerge, AskRevert, conflictsView, foreseenView, MergeView } from './merge.schema.ts';
import { bodyFrom } from './record.views.ts';

@ApiTags('versions')
@ApiBearerAuth()
@Controller('datasets/:id')
export class MergesController {
  constructor(private readonly merges: MergesService) {}

  @Post('merge')
  @HttpCode(200)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Merge a ref into a branch, field by field; conflicts are listed and can be resolved' })
  @ApiOkResponse({ standardSchema: MergeView })
  @SerializeOptions({ schema: MergeView })
  async merge(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: AskMerge }) body: AskMerge,
  ): Promise<object> {
    return mergeView(await this.merges.merge(caller, id, body.from, askedOf(body)));
  }

  @Post('revert')
  @HttpCode(200)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Take back what a commit did, as a new commit' })
  @ApiOkResponse({ standardSchema: MergeView })
  @SerializeOptions({ schema: MergeView })
  async revert(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: AskRevert }) body: AskRevert,
  ): Promise<object> {
    return mergeView(await this.merges.revert(caller, id, body.commit, askedOf(body)));
  }

  @Post('cherry-pick')
  @HttpCode(200)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Do on a branch what a commit did on another' })
  @ApiOkResponse({ standardSchema: MergeView })
  @SerializeOptions({ schema: MergeView })
  async cherryPick(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: AskCherryPick }) body: AskCherryPick,
  ): Promise<object> {
    return mergeView(await this.merges.cherryPick(caller, id, body.commit, askedOf(body)));
  }
}

function askedOf({ branch, message, strategy, resolutions, dry_run: dryRun }: Omit<AskMerge, 'from'>): Asked {
  const decided = resolutions.map((each): Resolution => {
    if ('take' in each) return { recordId: each.id, take: each.take };
    return { recordId: each.id, body: each.record && bodyFrom(each.record) };
  });
  return { branch, message, strategy, resolutions: decided, dryRun };
}

function mergeView({ commit, changes, conflicts, foreseen }: Merge): object {
  return {
    commit_id: commit && showId('cm', commit.id),
    records: changes,
    conflicts: conflictsView(conflicts),
    ...(foreseen && { verdicts: foreseenView(foreseen) }),
  };
}
