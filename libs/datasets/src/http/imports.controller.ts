import {
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  SerializeOptions,
  StreamableFile,
  Body,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { Caller, Gatekeeper, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent, sentId } from '#rest';
import { AnonymizationsService } from '../anonymizations.service.ts';
import { UnsupportedFormat } from '../dataset.errors.ts';
import { ImportsService } from '../imports.service.ts';
import { DatasetId, ImportQuery, ImportView, NewAnonymization } from './dataset.schema.ts';
import { importView } from './views.ts';

const ImportId = z.strictObject({ id: sentId('imp') });

const AskedView = z
  .object({ job_id: z.string(), dataset_id: z.string().describe('The new dataset, empty until the job is completed') })
  .meta({ id: 'AskedAnonymization' });

interface StreamedRequest {
  headers: Record<string, string | undefined>;
  body: unknown;
}

@ApiTags('in and out')
@ApiBearerAuth()
@Controller()
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly anonymizations: AnonymizationsService,
    private readonly gatekeeper: Gatekeeper,
  ) {}

  @Post('datasets/:id/imports')
  @Permit('dataset:import')
  @ApiOperation({ summary: 'Import JSONL: the file is the body, streamed; answers when the last byte is committed' })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({
    schema: { type: 'string', format: 'binary', example: '{"messages":[{"role":"user","content":"Hello"}]}\n' },
    description: 'One JSON value a line; plain, or with Content-Encoding gzip or zstd',
  })
  @ApiCreatedResponse({ standardSchema: ImportView })
  @SerializeOptions({ schema: ImportView })
  async create(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: ImportQuery }) query: z.infer<typeof ImportQuery>,
    @Req() request: StreamedRequest,
  ): Promise<object> {
    if (!isStream(request.body)) throw new UnsupportedFormat();
    const options = { branch: query.branch, message: query.message, strict: query.strict === 'true' };
    return importView(
      await this.imports.import(
        caller,
        id,
        { stream: request.body, encoding: request.headers['content-encoding'] },
        options,
      ),
    );
  }

  @Get('imports/:id')
  @Permit('dataset:import', 'each')
  @ApiOperation({ summary: 'Get an import' })
  @ApiOkResponse({ standardSchema: ImportView })
  @SerializeOptions({ schema: ImportView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: ImportId }) { id }: z.infer<typeof ImportId>,
  ): Promise<object> {
    return importView(await this.permitted(caller, id));
  }

  @Get('imports/:id/errors')
  @Permit('dataset:import', 'each')
  @ApiOperation({ summary: 'The lines that were not imported, with line number and reason, as JSONL' })
  @ApiOkResponse({ description: 'One error a line', content: { 'application/x-ndjson': {} } })
  async errors(
    @Caller() caller: Principal,
    @Param({ schema: ImportId }) { id }: z.infer<typeof ImportId>,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<StreamableFile> {
    await this.permitted(caller, id);
    const stream = await this.imports.errors(caller, id);
    reply.header('cache-control', 'no-store');
    return new StreamableFile(stream, { type: 'application/x-ndjson' });
  }

  @Post('datasets/:id/anonymize')
  @HttpCode(202)
  @Permit('dataset:anonymize')
  @Idempotent()
  @ApiOperation({ summary: 'Make an anonymized copy of a dataset at a ref, as a job' })
  @ApiAcceptedResponse({ standardSchema: AskedView })
  @SerializeOptions({ schema: AskedView })
  async anonymize(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewAnonymization }) body: NewAnonymization,
  ): Promise<object> {
    const { job, dataset } = await this.anonymizations.ask(caller, id, body);
    return { job_id: showId('job', job.id), dataset_id: showId('ds', dataset.id) };
  }

  /** An import whose dataset the caller may import into: its own id does not say which that is. */
  private async permitted(caller: Principal, id: string): ReturnType<ImportsService['get']> {
    const row = await this.imports.get(caller, id);
    await this.gatekeeper.demand(caller, 'dataset:import', { dataset: row.datasetId }, showId('imp', id));
    return row;
  }
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}
