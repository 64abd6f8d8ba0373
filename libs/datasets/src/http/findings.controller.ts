import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { IfMatch, type Reply, tagVersion, versionOf } from '#rest';
import { DecisionsService } from '../findings/decisions.service.ts';
import { FindingsService } from '../findings/findings.service.ts';
import { DatasetId } from './dataset.schema.ts';
import {
  DatasetFindingsQuery,
  FindingPath,
  FindingsQuery,
  ListedFindingPage,
  ListedFindingView,
  NewDecision,
} from './finding.schema.ts';
import { findingFilterFrom, listedFindingView } from './finding.views.ts';

@ApiTags('pii')
@ApiBearerAuth()
@Controller()
export class FindingsController {
  constructor(
    private readonly findings: FindingsService,
    private readonly decisions: DecisionsService,
  ) {}

  @Get('pii/findings')
  @Permit('record:read', 'each')
  @ApiOperation({ summary: 'What was found on the default branches of all datasets, never the values' })
  @ApiOkResponse({ standardSchema: ListedFindingPage })
  @SerializeOptions({ schema: ListedFindingPage })
  async everywhere(
    @Caller() caller: Principal,
    @Query({ schema: FindingsQuery }) query: FindingsQuery,
  ): Promise<object> {
    const { dataset_id: datasetId, limit, cursor } = query;
    const list = { filter: findingFilterFrom(query), limit, cursor };
    const { items, nextCursor } = await this.findings.everywhere(caller, datasetId, list);
    return { items: items.map(listedFindingView), next_cursor: nextCursor };
  }

  @Get('datasets/:id/findings')
  @Permit('record:read')
  @ApiOperation({ summary: 'What was found in a dataset at a ref, never the values' })
  @ApiOkResponse({ standardSchema: ListedFindingPage })
  @SerializeOptions({ schema: ListedFindingPage })
  async ofDataset(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: DatasetFindingsQuery }) { ref, limit, cursor, ...filter }: DatasetFindingsQuery,
  ): Promise<object> {
    const list = { filter: findingFilterFrom({ ...filter, limit }), limit, cursor };
    const { items, nextCursor } = await this.findings.ofDataset(caller, id, ref, list);
    return { items: items.map(listedFindingView), next_cursor: nextCursor };
  }

  @Post('pii/findings/:id/decision')
  @HttpCode(200)
  @Permit('pii:decide')
  @ApiOperation({
    summary: 'Say that a finding is accepted, or is none; with If-Match only if nobody decided meanwhile',
  })
  @ApiOkResponse({ standardSchema: ListedFindingView })
  @SerializeOptions({ schema: ListedFindingView })
  async decide(
    @Caller() caller: Principal,
    @Param({ schema: FindingPath }) { id }: FindingPath,
    @Body({ schema: NewDecision }) { decision, reason, expires_at }: NewDecision,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const expiresAt = expires_at === null ? null : new Date(expires_at);
    const found = await this.decisions.decide(caller, id, { decision, reason, expiresAt, version: versionOf(ifMatch) });
    tagVersion(reply, found.version!);
    return listedFindingView(found);
  }
}
