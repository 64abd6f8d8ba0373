import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, type Reply } from '#rest';
import { DiscardsService } from '../quarantine/discards.service.ts';
import { QuarantineService } from '../quarantine/quarantine.service.ts';
import { ReleasesService } from '../quarantine/releases.service.ts';
import { DatasetId } from './dataset.schema.ts';
import {
  DiscardedView,
  QuarantineDetail,
  QuarantineDiscard,
  QuarantinePage,
  QuarantinePath,
  QuarantineQuery,
  QuarantineRelease,
  ReleasedView,
} from './quarantine.schema.ts';
import { askFrom, discardedView, itemFilterFrom, itemView, releasedView, seenItemView } from './quarantine.views.ts';
import { RecordView } from './record.schema.ts';
import { recordJson } from './record.views.ts';

@ApiTags('pii')
@ApiBearerAuth()
@Controller('datasets/:id/quarantine')
export class QuarantineController {
  constructor(
    private readonly quarantine: QuarantineService,
    private readonly releases: ReleasesService,
    private readonly discards: DiscardsService,
  ) {}

  @Get()
  @Permit('quarantine:read')
  @ApiOperation({ summary: 'List the records that gates hold back from the branches of a dataset, oldest first' })
  @ApiOkResponse({ standardSchema: QuarantinePage })
  @SerializeOptions({ schema: QuarantinePage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: QuarantineQuery }) { limit, cursor, ...filter }: QuarantineQuery,
  ): Promise<object> {
    const page = await this.quarantine.list(caller, id, { filter: itemFilterFrom(filter), limit, cursor });
    return { items: page.items.map(itemView), next_cursor: page.nextCursor };
  }

  @Get(':item')
  @Permit('quarantine:read')
  @ApiOperation({ summary: 'Get a record that is held back: where it was to go, and what was found in it' })
  @ApiOkResponse({ standardSchema: QuarantineDetail })
  @SerializeOptions({ schema: QuarantineDetail })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: QuarantinePath }) { id, item }: QuarantinePath,
  ): Promise<object> {
    return seenItemView(await this.quarantine.get(caller, id, item));
  }

  @Get(':item/content')
  @Permit('quarantine:release')
  @ApiOperation({ summary: 'Look into a record that is held back' })
  @ApiOkResponse({ standardSchema: RecordView })
  async content(
    @Caller() caller: Principal,
    @Param({ schema: QuarantinePath }) { id, item }: QuarantinePath,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const record = await this.quarantine.content(caller, id, item);
    reply.header('content-type', 'application/json; charset=utf-8');
    return recordJson(record);
  }

  @Post('release')
  @HttpCode(200)
  @Permit('quarantine:release')
  @Idempotent()
  @ApiOperation({ summary: 'Let records onto the branches they were meant for, as a commit, each with its own result' })
  @ApiOkResponse({ standardSchema: ReleasedView })
  @SerializeOptions({ schema: ReleasedView })
  async release(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: QuarantineRelease }) body: QuarantineRelease,
  ): Promise<object> {
    return releasedView(await this.releases.release(caller, id, { ...askFrom(body), anonymize: body.anonymize }));
  }

  @Post('discard')
  @HttpCode(200)
  @Permit('quarantine:release')
  @Idempotent()
  @ApiOperation({ summary: 'Take records that are held back away for good, each with its own result' })
  @ApiOkResponse({ standardSchema: DiscardedView })
  @SerializeOptions({ schema: DiscardedView })
  async discard(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: QuarantineDiscard }) body: QuarantineDiscard,
  ): Promise<object> {
    return discardedView(await this.discards.discard(caller, id, askFrom(body)));
  }
}
