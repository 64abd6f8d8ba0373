import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { GrantsService } from '../grants/grants.service.ts';
import { grantView } from './access.views.ts';
import { GrantedDataset, GrantPage, GrantPath, GrantView, NewGrant } from './grant.schema.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller('datasets/:id/grants')
export class GrantsController {
  constructor(private readonly grants: GrantsService) {}

  @Post()
  @Idempotent()
  @Permit('dataset:grant')
  @ApiOperation({ summary: 'Let a user, or everyone with a role, do something with this dataset; or deny it' })
  @ApiCreatedResponse({ standardSchema: GrantView })
  @SerializeOptions({ schema: GrantView })
  async give(
    @Caller() caller: Principal,
    @Param({ schema: GrantedDataset }) { id }: GrantedDataset,
    @Body({ schema: NewGrant }) { user_id, role, expires_at, ...terms }: NewGrant,
  ): Promise<object> {
    const expiresAt = expires_at === null ? null : new Date(expires_at);
    const to = { userId: user_id ?? null, role: role ?? null };
    return grantView(await this.grants.give(caller, id, { ...terms, ...to, expiresAt }));
  }

  @Get()
  @Permit('dataset:grant')
  @ApiOperation({ summary: 'List the grants of a dataset, oldest first' })
  @ApiOkResponse({ standardSchema: GrantPage })
  @SerializeOptions({ schema: GrantPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: GrantedDataset }) { id }: GrantedDataset,
    @Query({ schema: PageQuery }) { limit, cursor }: PageQuery,
  ): Promise<object> {
    const { items, nextCursor } = await this.grants.list(caller, id, limit, cursor);
    return { items: items.map(grantView), next_cursor: nextCursor };
  }

  @Get(':grant')
  @Permit('dataset:grant')
  @ApiOperation({ summary: 'Get a grant' })
  @ApiOkResponse({ standardSchema: GrantView })
  @SerializeOptions({ schema: GrantView })
  async get(@Caller() caller: Principal, @Param({ schema: GrantPath }) { id, grant }: GrantPath): Promise<object> {
    return grantView(await this.grants.get(caller, id, grant));
  }

  @Delete(':grant')
  @HttpCode(204)
  @Permit('dataset:grant')
  @ApiOperation({ summary: 'Take a grant back; it counts for nothing within two seconds' })
  @ApiNoContentResponse()
  takeBack(@Caller() caller: Principal, @Param({ schema: GrantPath }) { id, grant }: GrantPath): Promise<void> {
    return this.grants.takeBack(caller, id, grant);
  }
}
