import { Controller, Get, Param, Query, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { type Job, JobsService } from '#queue';
import { PageQuery, sentId } from '#rest';
import { pageOf } from './wire.ts';

const JobId = z.strictObject({ id: sentId('job') });

const JobView = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
    progress: z.object({ done: z.int(), total: z.int().nullable() }).describe('In records'),
    result: z.record(z.string(), z.unknown()).nullable(),
    failure: z.string().nullable().describe('Code of the error that ended it'),
    created_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'Job' });
const JobPage = pageOf(JobView, 'JobPage');

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @Permit('job:read', 'all')
  @ApiOperation({ summary: 'List jobs, newest first' })
  @ApiOkResponse({ standardSchema: JobPage })
  @SerializeOptions({ schema: JobPage })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.jobs.list(caller, query.limit, query.cursor);
    return { items: page.items.map(jobView), next_cursor: page.nextCursor };
  }

  @Get(':id')
  @Permit('job:read', 'all')
  @ApiOperation({ summary: 'Get a job: its state, progress and result' })
  @ApiOkResponse({ standardSchema: JobView })
  @SerializeOptions({ schema: JobView })
  async get(@Caller() caller: Principal, @Param({ schema: JobId }) { id }: z.infer<typeof JobId>): Promise<object> {
    return jobView(await this.jobs.get(caller, id));
  }
}

function jobView(job: Job): object {
  return {
    id: showId('job', job.id),
    kind: job.kind,
    status: job.state,
    progress: { done: job.done, total: job.total },
    result: job.result,
    failure: job.failure,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  };
}
