import { Readable } from 'node:stream';
import { Controller, Get, Query, SerializeOptions, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { AuditTrail } from '../audit-trail.service.ts';
import {
  AuditEventPage,
  CheckpointPage,
  CheckpointQuery,
  EventQuery,
  RangeQuery,
  VerificationView,
} from './audit.schema.ts';
import { checkpointView, eventView, verificationView } from './views.ts';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get('events')
  @Permit('audit:read')
  @ApiOperation({ summary: 'List who did what, newest first' })
  @ApiOkResponse({ standardSchema: AuditEventPage })
  @SerializeOptions({ schema: AuditEventPage })
  async events(
    @Caller() caller: Principal,
    @Query({ schema: EventQuery }) query: z.infer<typeof EventQuery>,
  ): Promise<object> {
    const { limit, cursor, actor, ...filter } = query;
    const by = actor === undefined ? filter : { ...filter, actorId: actor };
    const page = await this.trail.events(caller, by, limit, cursor);
    return { items: page.items.map(eventView), next_cursor: page.nextCursor };
  }

  @Get('export')
  @Permit('audit:export')
  @ApiOperation({ summary: 'Export what was sealed in a time as a signed bundle that verifies without this server' })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'For ldv audit verify', content: { 'application/x-ndjson': {} } })
  async export(
    @Caller() caller: Principal,
    @Query({ schema: RangeQuery }) { from, to }: z.infer<typeof RangeQuery>,
  ): Promise<StreamableFile> {
    const pieces = await this.trail.export(caller, from ? new Date(from) : undefined, to ? new Date(to) : undefined);
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="audit.jsonl"',
    });
  }

  @Get('checkpoints')
  @Permit('audit:read')
  @ApiOperation({ summary: 'List the signed checkpoints of the audit, newest first' })
  @ApiOkResponse({ standardSchema: CheckpointPage })
  @SerializeOptions({ schema: CheckpointPage })
  async checkpoints(
    @Caller() caller: Principal,
    @Query({ schema: CheckpointQuery }) { limit, cursor }: z.infer<typeof CheckpointQuery>,
  ): Promise<object> {
    const page = await this.trail.checkpoints(caller, limit, cursor);
    return { items: page.items.map(checkpointView), next_cursor: page.nextCursor };
  }

  @Get('verify')
  @Permit('audit:read')
  @ApiOperation({ summary: 'Go over the whole audit and say whether it is intact, and where it first is not' })
  @ApiOkResponse({ standardSchema: VerificationView })
  @SerializeOptions({ schema: VerificationView })
  async verify(@Caller() caller: Principal): Promise<object> {
    return verificationView(await this.trail.verify(caller));
  }
}
