import { Body, Controller, Get, HttpCode, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { DuplicatesService } from '../duplicates/duplicates.service.ts';
import { DatasetId } from './dataset.schema.ts';
import {
  AskedJob,
  DuplicatePage,
  DuplicateSearch,
  duplicateView,
  RemovalBody,
  SearchPath,
} from './duplicate.schema.ts';

@ApiTags('records')
@ApiBearerAuth()
@Controller('datasets/:id/duplicates')
export class DuplicatesController {
  constructor(private readonly duplicates: DuplicatesService) {}

  @Post()
  @HttpCode(202)
  @Permit('record:read')
  @Idempotent()
  @ApiOperation({ summary: 'Look for records that are the same, or nearly, as a job; its result has the counts' })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async find(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: DuplicateSearch }) { ref, ...options }: DuplicateSearch,
  ): Promise<object> {
    const job = await this.duplicates.ask(caller, id, ref, options);
    return { job_id: showId('job', job.id) };
  }

  @Get(':job')
  @Permit('record:read')
  @ApiOperation({
    summary: 'List what the latest search found, cluster by cluster: each record that another one stands for',
  })
  @ApiOkResponse({ standardSchema: DuplicatePage })
  @SerializeOptions({ schema: DuplicatePage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: SearchPath }) { id, job }: SearchPath,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.duplicates.list(caller, id, job, query);
    return { items: page.items.map(duplicateView), next_cursor: page.nextCursor };
  }

  @Post(':job/apply')
  @HttpCode(202)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Remove what a search found from a branch, as a job and in one commit' })
  @ApiAcceptedResponse({ standardSchema: AskedJob })
  @SerializeOptions({ schema: AskedJob })
  async apply(
    @Caller() caller: Principal,
    @Param({ schema: SearchPath }) { id, job }: SearchPath,
    @Body({ schema: RemovalBody }) body: RemovalBody,
  ): Promise<object> {
    const removal = await this.duplicates.askRemoval(caller, id, job, body);
    return { job_id: showId('job', removal.id) };
  }
}
