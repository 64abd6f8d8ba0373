import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { AllowedValuesService } from '../allowed-values.service.ts';
import { AllowedValueId, AllowedValuePage, AllowedValueView, NewAllowedValue } from './allowlist.schema.ts';
import { allowedValueView } from './views.ts';

@ApiTags('pii')
@ApiBearerAuth()
@Controller('pii/allowlist')
export class AllowlistController {
  constructor(private readonly allowed: AllowedValuesService) {}

  @Post()
  @Idempotent()
  @Permit('pii:write')
  @ApiOperation({ summary: 'Allow a value, or a type in one dataset: it is found no more' })
  @ApiCreatedResponse({ standardSchema: AllowedValueView })
  @SerializeOptions({ schema: AllowedValueView })
  async allow(
    @Caller() caller: Principal,
    @Body({ schema: NewAllowedValue }) { dataset_id: datasetId, expires_at, ...terms }: NewAllowedValue,
  ): Promise<object> {
    const expiresAt = expires_at === null ? null : new Date(expires_at);
    return allowedValueView(await this.allowed.allow(caller, { ...terms, datasetId, expiresAt }));
  }

  @Get()
  @Permit('pii:read')
  @ApiOperation({ summary: 'List what is allowed, oldest first; never the values' })
  @ApiOkResponse({ standardSchema: AllowedValuePage })
  @SerializeOptions({ schema: AllowedValuePage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) query: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.allowed.list(caller, query.limit, query.cursor);
    return { items: items.map(allowedValueView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('pii:read')
  @ApiOperation({ summary: 'Get an entry of the allow list' })
  @ApiOkResponse({ standardSchema: AllowedValueView })
  @SerializeOptions({ schema: AllowedValueView })
  async get(@Caller() caller: Principal, @Param({ schema: AllowedValueId }) { id }: AllowedValueId): Promise<object> {
    return allowedValueView(await this.allowed.get(caller, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('pii:write')
  @ApiOperation({ summary: 'Take an entry off the allow list: it is found again' })
  @ApiNoContentResponse()
  takeBack(@Caller() caller: Principal, @Param({ schema: AllowedValueId }) { id }: AllowedValueId): Promise<void> {
    return this.allowed.takeBack(caller, id);
  }
}
