import { Controller, Get, Param, Query, Res, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit, PermitThroughViews } from '#auth';
import type { Principal } from '#kernel';
import { type Reply, sentId } from '#rest';
import { RecordsService } from '../records.service.ts';
import { etagOf } from '../writes/write.ts';
import { DatasetId, FindingPage } from './dataset.schema.ts';
import { HistoryView, RecordPage, RecordView } from './record.schema.ts';
import { RecordQuery } from './record.query.ts';
import { filterFrom, historyView, recordJson } from './record.views.ts';
import { findingView } from './views.ts';
import { RefPageQuery, RefQuery, tellView, ThroughQuery } from './wire.ts';

const RecordPath = z.strictObject({ id: sentId('ds'), rid: sentId('rec') });

@ApiTags('records')
@ApiBearerAuth()
@Controller('datasets/:id')
export class RecordsController {
  constructor(private readonly records: RecordsService) {}

  @Get('records')
  @PermitThroughViews('record:read')
  @ApiOperation({ summary: 'List records at a ref, in the order they came in, filtered by what is said of them' })
  @ApiOkResponse({ standardSchema: RecordPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: RecordQuery }) query: RecordQuery,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const page = await this.records.list(caller, id, { ...query, filter: filterFrom(query) });
    tellView(reply, page.view);
    reply.header('content-type', 'application/json; charset=utf-8');
    return `{"items":[${page.items.map(recordJson).join(',')}],"next_cursor":${JSON.stringify(page.nextCursor)}}`;
  }

  @Get('records/:rid')
  @PermitThroughViews('record:read')
  @ApiOperation({ summary: 'Get a record at a ref' })
  @ApiOkResponse({ standardSchema: RecordView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: z.infer<typeof RecordPath>,
    @Query({ schema: ThroughQuery }) query: z.infer<typeof ThroughQuery>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const record = await this.records.get(caller, id, rid, query);
    tellView(reply, record.view);
    reply.header('content-type', 'application/json; charset=utf-8').header('etag', etagOf(record.row));
    return recordJson(record);
  }

  @Get('records/:rid/history')
  @Permit('record:read')
  @ApiOperation({ summary: 'What became of a record up to a ref, newest first' })
  @ApiOkResponse({ standardSchema: HistoryView })
  @SerializeOptions({ schema: HistoryView })
  async history(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: z.infer<typeof RecordPath>,
    @Query({ schema: RefPageQuery }) query: z.infer<typeof RefPageQuery>,
  ): Promise<object> {
    const page = await this.records.history(caller, id, rid, query);
    return { items: page.items.map(historyView), next_cursor: page.nextCursor };
  }

  @Get('records/:rid/findings')
  @Permit('record:read')
  @ApiOperation({ summary: 'What personal data was found in a record' })
  @ApiOkResponse({ standardSchema: FindingPage })
  @SerializeOptions({ schema: FindingPage })
  async findings(
    @Caller() caller: Principal,
    @Param({ schema: RecordPath }) { id, rid }: z.infer<typeof RecordPath>,
    @Query({ schema: RefQuery }) { ref }: z.infer<typeof RefQuery>,
  ): Promise<object> {
    return { items: (await this.records.findings(caller, id, rid, ref)).map(findingView), next_cursor: null };
  }
}
