import { Body, Controller, Get, HttpCode, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { LeakageService } from '../leakage/leakage.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { AskedJob, SearchPath } from './duplicate.schema.ts';
import { LeakageSearch, LeakPage, leakView } from './leakage.schema.ts';

@ApiTags('records')
@ApiBearerAuth()
@Controller('datasets/:id/leakage')
export class LeakageController {
  constructor(private readonly leakage: LeakageService) {}

  @Post()
  @HttpCode(202)
  @Permit('record:read')
  @Idempotent()
  @ApiOperation({
    summary: 'Look for what splits have in common, or a dataset with another, as a job; its result has the counts',
  })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async find(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: LeakageSearch }) { against, ...options }: LeakageSearch,
  ): Promise<object> {
    const other = against && { datasetId: against.dataset_id, ref: against.ref };
    const job = await this.leakage.ask(caller, id, { ...options, against: other });
    return { job_id: showId('job', job.id) };
  }

  @Get(':job')
  @Permit('record:read')
  @ApiOperation({
    summary:
      'List what the latest report found: records with one of another split that is the same, nearly, or of one key',
  })
  @ApiOkResponse({ standardSchema: LeakPage })
  @SerializeOptions({ schema: LeakPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: SearchPath }) { id, job }: SearchPath,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.leakage.list(caller, id, job, query);
    return { items: page.items.map(leakView), next_cursor: page.nextCursor };
  }
}
