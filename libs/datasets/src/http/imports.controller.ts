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
import { z } from 'zod';
import { Caller, Gatekeeper, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent, type Reply, sentId } from '#rest';
import { AnonymizationsService } from '../anonymizations.service.ts';
import { UnsupportedFormat } from '../dataset.errors.ts';
import { ImportsService } from '../imports.service.ts';
import { DatasetId, ImportQuery, ImportView, NewAnonymization, TriedImportView } from './dataset.schema.ts';
import { isStream } from './streamed-body.ts';
import { importOptions, importView, triedImportView } from './views.ts';

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
  @ApiOperation({
    summary: 'Import a file: it is the body, streamed; answers when the last byte is committed, or tries that out',
  })
  @ApiConsumes('application/x-ndjson', 'application/json', 'text/csv', 'application/vnd.apache.parquet')
  @ApiBody({
    schema: { type: 'string', format: 'binary', example: '{"messages":[{"role":"user","content":"Hello"}]}\n' },
    description:
      'A JSON value a line, an array of them, a table, or a Parquet file; plain, or with Content-Encoding gzip or zstd',
  })
  @ApiCreatedResponse({ standardSchema: ImportView })
  @ApiOkResponse({ standardSchema: TriedImportView, description: 'With dry_run=true: what would come of it' })
  async create(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: ImportQuery }) query: ImportQuery,
    @Req() request: StreamedRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    if (!isStream(request.body)) throw new UnsupportedFormat();
    const { 'content-type': type, 'content-encoding': encoding } = request.headers;
    const upload = { stream: request.body, type, encoding };
    const options = importOptions(query);
    if (query.dry_run !== 'true') return importView(await this.imports.import(caller, id, upload, options));
    reply.status(200);
    return triedImportView(await this.imports.tryOut(caller, id, upload, options));
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
  @ApiOperation({
    summary: 'The rows that were not imported, each with its place and the reason, as JSONL: the first 100,000',
  })
  @ApiOkResponse({ description: 'One error a line', content: { 'application/x-ndjson': {} } })
  async errors(
    @Caller() caller: Principal,
    @Param({ schema: ImportId }) { id }: z.infer<typeof ImportId>,
    @Res({ passthrough: true }) reply: Reply,
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
