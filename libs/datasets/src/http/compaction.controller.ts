import { Controller, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent } from '#rest';
import { CompactionService } from '../compaction/compaction.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { AskedJob } from './duplicate.schema.ts';

@ApiTags('datasets')
@ApiBearerAuth()
@Controller('datasets/:id/compact')
export class CompactionController {
  constructor(private readonly compaction: CompactionService) {}

  @Post()
  @HttpCode(202)
  @Permit('dataset:write')
  @Idempotent()
  @ApiOperation({
    summary:
      'Put small stored segments together, as a job; it comes by itself where there are many, and changes no commit',
  })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async compact(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
  ): Promise<object> {
    const job = await this.compaction.ask(caller, id);
    return { job_id: showId('job', job.id) };
  }
}
