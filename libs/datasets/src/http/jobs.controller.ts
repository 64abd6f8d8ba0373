import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Res, SerializeOptions, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { type Job, JobsService } from '#queue';
import { PageQuery, type Reply, sentId } from '#rest';
import { JobActions } from '../job.actions.ts';
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
  constructor(
    private readonly jobs: JobsService,
    private readonly actions: JobActions,
  ) {}

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

  @Post(':id/cancel')
  @HttpCode(200)
  @Permit('job:cancel', 'all')
  @ApiOperation({ summary: 'Cancel a job: nothing of it is published' })
  @ApiOkResponse({ standardSchema: JobView })
  @SerializeOptions({ schema: JobView })
  async cancel(@Caller() caller: Principal, @Param({ schema: JobId }) { id }: z.infer<typeof JobId>): Promise<object> {
    return jobView(await this.actions.cancel(caller, id));
  }

  @Get(':id/events')
  @Permit('job:read', 'all')
  @ApiOperation({
    summary: 'Follow a job, as server-sent events: it is told whenever it has changed, until it has ended',
  })
  @ApiOkResponse({
    description:
      'Events `job`, each with the job as its data. After a minute the stream ends: ask again, as browsers do.',
    content: { 'text/event-stream': {} },
  })
  async events(
    @Caller() caller: Principal,
    @Param({ schema: JobId }) { id }: z.infer<typeof JobId>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<StreamableFile> {
    // Who may not see it is told so before the stream begins.
    await this.jobs.get(caller, id);
    // nginx holds nothing back.
    reply.header('cache-control', 'no-store');
    reply.header('x-accel-buffering', 'no');
    return new StreamableFile(Readable.from(eventsOf(this.actions.follow(caller, id)), { objectMode: false }), {
      type: 'text/event-stream',
    });
  }
}

/** As the HTML standard has server-sent events. */
async function* eventsOf(jobs: AsyncIterable<Job | null>): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  for await (const job of jobs)
    yield job ? `event: job\ndata: ${JSON.stringify(jobView(job))}\n\n` : ': still here\n\n';
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
