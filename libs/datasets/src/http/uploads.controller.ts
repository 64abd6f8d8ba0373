import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  SerializeOptions,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Gatekeeper, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { Idempotent } from '#rest';
import { DigestMismatch, UploadPartUnsupported } from '../uploads/upload.errors.ts';
import { UploadsService } from '../uploads/uploads.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { isStream } from './streamed-body.ts';
import {
  askedUpload,
  digestNamed,
  NewUpload,
  PartPath,
  PartView,
  UploadId,
  UploadPage,
  UploadsQuery,
  uploadView,
  UploadView,
} from './upload.schema.ts';

/** What the service knows of one. */
type Upload = Awaited<ReturnType<UploadsService['get']>>;

@ApiTags('in and out')
@ApiBearerAuth()
@Controller()
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly gatekeeper: Gatekeeper,
  ) {}

  @Post('datasets/:id/uploads')
  @Permit('dataset:import')
  @Idempotent()
  @ApiOperation({ summary: 'Begin an upload: a file that comes in parts, within a week, and becomes one commit' })
  @ApiCreatedResponse({ standardSchema: UploadView })
  @SerializeOptions({ schema: UploadView })
  async begin(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewUpload }) body: NewUpload,
  ): Promise<object> {
    return this.view(await this.uploads.begin(caller, id, askedUpload(body)));
  }

  @Get('datasets/:id/uploads')
  @Permit('dataset:import')
  @ApiOperation({ summary: 'List uploads into a dataset, newest first' })
  @ApiOkResponse({ standardSchema: UploadPage })
  @SerializeOptions({ schema: UploadPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: UploadsQuery }) { limit, cursor }: z.infer<typeof UploadsQuery>,
  ): Promise<object> {
    const page = await this.uploads.list(caller, id, limit, cursor);
    return { items: page.items.map((upload) => uploadView(upload)), next_cursor: page.nextCursor };
  }

  @Get('uploads/:id')
  @Permit('dataset:import', 'each')
  @ApiOperation({ summary: 'Get an upload: which parts are there, and what became of it' })
  @ApiOkResponse({ standardSchema: UploadView })
  @SerializeOptions({ schema: UploadView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: UploadId }) { id }: z.infer<typeof UploadId>,
  ): Promise<object> {
    return this.view(await this.permitted(caller, id));
  }

  @Put('uploads/:id/parts/:number')
  @Permit('dataset:import', 'each')
  @ApiOperation({ summary: 'Send a part of at most 8 MiB: in any order, and the same one again as often as you like' })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary', example: '{"text":"Hello"}\n' } })
  @ApiHeader({
    name: 'Content-Digest',
    required: false,
    description: 'RFC 9530, `sha-256=:…:`: refused with 422 when other bytes arrive',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ standardSchema: PartView })
  @SerializeOptions({ schema: PartView })
  async put(
    @Caller() caller: Principal,
    @Param({ schema: PartPath }) { id, number }: z.infer<typeof PartPath>,
    @Headers('content-digest') digest: string | undefined,
    @Req() { body }: { body: unknown },
  ): Promise<object> {
    const upload = await this.permitted(caller, id);
    if (!isStream(body)) throw new UploadPartUnsupported();
    const named = digestNamed(digest);
    if (named === undefined) throw new DigestMismatch();
    const { bytes, sha256 } = await this.uploads.put(upload, { number, stream: body, sha256: named });
    return { number, bytes: bytes.length, sha256: sha256.toString('hex') };
  }

  @Post('uploads/:id/complete')
  @HttpCode(202)
  @Permit('dataset:import', 'each')
  @Idempotent()
  @ApiOperation({
    summary: 'Import an upload whose parts are all there, as a job; the same file again changes nothing',
  })
  @ApiAcceptedResponse({ standardSchema: UploadView })
  @SerializeOptions({ schema: UploadView })
  async complete(
    @Caller() caller: Principal,
    @Param({ schema: UploadId }) { id }: z.infer<typeof UploadId>,
  ): Promise<object> {
    await this.permitted(caller, id);
    return this.view(await this.uploads.complete(caller, id));
  }

  @Delete('uploads/:id')
  @HttpCode(204)
  @Permit('dataset:import', 'each')
  @ApiOperation({
    summary: 'Abort an upload, or forget one that is over: its parts go, and the key they are sealed under',
  })
  @ApiNoContentResponse({ description: 'It is gone' })
  async abort(
    @Caller() caller: Principal,
    @Param({ schema: UploadId }) { id }: z.infer<typeof UploadId>,
  ): Promise<void> {
    await this.permitted(caller, id);
    await this.uploads.abort(caller, id);
  }

  private async view(upload: Upload): Promise<object> {
    return uploadView(upload, await this.uploads.totals(upload));
  }

  /** An upload into a dataset the caller may import into: its own id does not say which that is. */
  private async permitted(caller: Principal, id: string): Promise<Upload> {
    const upload = await this.uploads.get(caller, id);
    await this.gatekeeper.demand(caller, 'dataset:import', { dataset: upload.datasetId }, showId('upl', id));
    return upload;
  }
}
