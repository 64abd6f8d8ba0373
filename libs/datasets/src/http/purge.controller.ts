import { Body, Controller, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent } from '#rest';
import { PurgeService } from '../purge/purge.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { AskedJob } from './duplicate.schema.ts';

const NewPurge = z
  .strictObject({
    min_age_days: z
      .number()
      .min(0)
      .max(3650)
      .default(7)
      .describe('What was let go of since stays, so that it can be brought back'),
    dry_run: z.boolean().default(false).describe('Only count what would go'),
  })
  .meta({ id: 'NewPurge', example: { min_age_days: 7, dry_run: true } });
type NewPurge = z.infer<typeof NewPurge>;

@ApiTags('datasets')
@ApiBearerAuth()
@Controller('datasets/:id/purge')
export class PurgeController {
  constructor(private readonly purges: PurgeService) {}

  @Post()
  @HttpCode(202)
  @Permit('dataset:delete')
  @Idempotent()
  @ApiOperation({ summary: 'Take away for good what no branch, tag, lineage or job leads to any more, as a job' })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async purge(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewPurge }) { min_age_days: minAgeDays, dry_run: dryRun }: NewPurge,
  ): Promise<object> {
    const job = await this.purges.ask(caller, id, { minAgeDays, dryRun });
    return { job_id: showId('job', job.id) };
  }
}
