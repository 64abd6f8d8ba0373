import { Controller, Get, Headers, Param, Query, Res, SerializeOptions, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, PermitThroughViews } from '#auth';
import { type Principal, showId } from '#kernel';
import type { Reply } from '#rest';
import { EXPORT_TYPES } from '../export/export.options.ts';
import { ExportsService } from '../exports.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { ExportQuery, exportOptions, ManifestView, namedOptions } from './export.query.ts';
import { packed } from './packed-answer.ts';
import { tellView } from './wire.ts';

@ApiTags('in and out')
@ApiBearerAuth()
@Controller('datasets/:id/export')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get()
  @PermitThroughViews('dataset:export')
  @ApiOperation({
    summary:
      'Export a dataset at a ref: as it was imported, or in the words of a trainer; the same always gives the same',
  })
  @ApiProduces(...Object.values(EXPORT_TYPES).map(({ type }) => type.split(';')[0]!))
  @ApiOkResponse({ description: 'The records; packed where Accept-Encoding names zstd or gzip' })
  async export(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: ExportQuery }) query: ExportQuery,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<StreamableFile> {
    const { stream, commit, view, survey } = await this.exports.open(caller, id, exportOptions(query));
    const { type, extension } = EXPORT_TYPES[query.format];
    const answer = packed(stream, accepted);
    reply.header('x-vault-commit', showId('cm', commit.id)).header('vary', 'accept-encoding');
    tellView(reply, view);
    if (answer.encoding) reply.header('content-encoding', answer.encoding);
    if (survey) reply.header('x-vault-records', String(survey.records)).header('x-vault-skipped', String(survey.unfit));
    return new StreamableFile(answer.stream, { type, disposition: `attachment; filename="export.${extension}"` });
  }

  @Get('manifest')
  @PermitThroughViews('dataset:export')
  @ApiOperation({ summary: 'What the export with the same options holds: counts, hash and options, signed' })
  @ApiOkResponse({ standardSchema: ManifestView })
  @SerializeOptions({ schema: ManifestView })
  manifest(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: ExportQuery }) query: ExportQuery,
  ): Promise<object> {
    return this.exports.manifest(caller, id, exportOptions(query), namedOptions(query));
  }
}
