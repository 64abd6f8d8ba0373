import { Body, Controller, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent } from '#rest';
import { SplitsService } from '../splits/splits.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { AskedJob } from './duplicate.schema.ts';
import { SplitAssignment } from './split.schema.ts';

@ApiTags('records')
@ApiBearerAuth()
@Controller('datasets/:id/splits')
export class SplitsController {
  constructor(private readonly splits: SplitsService) {}

  @Post()
  @HttpCode(202)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({
    summary: 'Put the records of a branch into splits by the hash of a key, as a job and in one commit',
  })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async assign(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: SplitAssignment }) sent: SplitAssignment,
  ): Promise<object> {
    const { splits, seed, key, stratify_by: stratifyBy, on_missing: onMissing, dry_run: dryRun } = sent;
    const { branch = null, message = null } = sent;
    const ask = { splits, seed, key, stratifyBy, onMissing, branch, message, dryRun };
    const job = await this.splits.ask(caller, id, ask);
    return { job_id: showId('job', job.id) };
  }
}
