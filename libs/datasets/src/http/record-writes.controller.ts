import {
  Body,
  Controller,
  Delete,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Res,
  SerializeOptions,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, IfMatch, type Reply, sentId } from '#rest';
import { RecordWriter } from '../writes/record.writer.ts';
import { etagOf, type Written } from '../writes/write.ts';
import { DatasetId } from './dataset.schema.ts';
import {
  BatchView,
  HeldView,
  NewRecord,
  RecordBatch,
  RecordPatch,
  RecordReplacement,
  WriteAnswer,
  WrittenView,
} from './record.schema.ts';
import { batchFrom, batchView, bodyFrom, patchFrom, writtenView } from './record.views.ts';
import { versionsNamed, WriteQuery } from './wire.ts';

const RecordPath = z.strictObject({ id: sentId('ds'), rid: sentId('rec') });
type RecordPath = z.infer<typeof RecordPath>;

const HELD = 'A gate holds it back: the branch stays as it is until somebody releases it';

@ApiTags('records')
@ApiBearerAuth()
@Controller('datasets/:id/records')
export class RecordWritesController {
  constructor(private readonly writer: RecordWriter) {}

  @Post()
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Create a record, as a commit on a branch' })
  @ApiCreatedResponse({ standardSchema: WrittenView })
  @ApiAcceptedResponse({ standardSchema: HeldView, description: HELD })
  @SerializeOptions({ schema: WriteAnswer })
  async create(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: WriteQuery }) query: WriteQuery,
    @Body({ schema: NewRecord }) body: NewRecord,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    return answer(await this.writer.create(caller, id, bodyFrom(body), query), reply);
  }

  @Post('batch')
  @HttpCode(200)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({
    summary: 'Create, replace, patch and delete up to 1,000 records in one commit, each with its own result',
  })
  @ApiOkResponse({ standardSchema: BatchView })
  @SerializeOptions({ schema: BatchView })
  async batch(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: WriteQuery }) query: WriteQuery,
    @Body({ schema: RecordBatch }) body: RecordBatch,
  ): Promise<object> {
    const items = body.items.map(batchFrom);
    return batchView(await this.writer.batch(caller, id, items, query), items);
  }

  @Put(':rid')
  @Permit('record:write')
  @ApiOperation({ summary: 'Replace a record' })
  @ApiOkResponse({ standardSchema: WrittenView })
  @ApiAcceptedResponse({ standardSchema: HeldView, description: HELD })
  @SerializeOptions({ schema: WriteAnswer })
  async replace(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: RecordPath,
    @Query({ schema: WriteQuery }) query: WriteQuery,
    @IfMatch() ifMatch: string | undefined,
    @Body({ schema: RecordReplacement }) body: RecordReplacement,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const options = { ...query, ifMatch: versionsNamed(ifMatch) };
    return answer(await this.writer.replace(caller, id, rid, bodyFrom(body), options), reply);
  }

  @Patch(':rid')
  @Permit('record:write')
  @ApiOperation({ summary: 'Merge a patch (RFC 7396) into the content of a record and into what is said of it' })
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiOkResponse({ standardSchema: WrittenView })
  @ApiAcceptedResponse({ standardSchema: HeldView, description: HELD })
  @SerializeOptions({ schema: WriteAnswer })
  async patch(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: RecordPath,
    @Query({ schema: WriteQuery }) query: WriteQuery,
    @IfMatch() ifMatch: string | undefined,
    @Body({ schema: RecordPatch }) body: RecordPatch,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const options = { ...query, ifMatch: versionsNamed(ifMatch) };
    return answer(await this.writer.patch(caller, id, rid, patchFrom(body), options), reply);
  }

  @Delete(':rid')
  @HttpCode(204)
  @Permit('record:write')
  @ApiOperation({ summary: 'Remove a record from a branch; earlier commits go on showing it' })
  @ApiNoContentResponse()
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: RecordPath,
    @Query({ schema: WriteQuery }) query: WriteQuery,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    await this.writer.remove(caller, id, rid, { ...query, ifMatch: versionsNamed(ifMatch) });
  }
}

function answer(written: Written, reply: Reply): object {
  if (written.held) reply.status(202);
  else if (written.version) reply.header('etag', etagOf(written.version));
  return writtenView(written);
}
