import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, SerializeOptions } from '@nestjs/common';
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
import { ApiKeysService, type KeyTerms } from '../api-keys/api-keys.service.ts';
import {
  ApiKeyChange,
  ApiKeyId,
  ApiKeyPage,
  ApiKeySecretView,
  ApiKeyView,
  KeyRotation,
  NewApiKey,
} from './api-key.schema.ts';
import { apiKeyView } from './views.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Post()
  @Idempotent()
  @Permit('api-key:write')
  @ApiOperation({ summary: 'Make an API key; its secret is shown only now' })
  @ApiCreatedResponse({ standardSchema: ApiKeySecretView })
  @SerializeOptions({ schema: ApiKeySecretView })
  async create(@Caller() caller: Principal, @Body({ schema: NewApiKey }) body: NewApiKey): Promise<object> {
    const { name, scopes } = body;
    const { key, secret } = await this.apiKeys.create(caller, { name, scopes, ...limitsOf(body) });
    return { ...apiKeyView(key), key: secret };
  }

  @Get()
  @Permit('account:read')
  @ApiOperation({ summary: 'List API keys, oldest first: the own ones, or all for those who may see users' })
  @ApiOkResponse({ standardSchema: ApiKeyPage })
  @SerializeOptions({ schema: ApiKeyPage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) { limit, cursor }: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.apiKeys.list(caller, limit, cursor);
    return { items: items.map(apiKeyView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('account:read')
  @ApiOperation({ summary: 'Get an API key' })
  @ApiOkResponse({ standardSchema: ApiKeyView })
  @SerializeOptions({ schema: ApiKeyView })
  async get(@Caller() caller: Principal, @Param({ schema: ApiKeyId }) { id }: ApiKeyId): Promise<object> {
    return apiKeyView(await this.apiKeys.get(caller, id));
  }

  @Patch(':id')
  @Permit('api-key:write')
  @ApiOperation({ summary: 'Change what an own API key may do' })
  @ApiOkResponse({ standardSchema: ApiKeyView })
  @SerializeOptions({ schema: ApiKeyView })
  async change(
    @Caller() caller: Principal,
    @Param({ schema: ApiKeyId }) { id }: ApiKeyId,
    @Body({ schema: ApiKeyChange }) body: ApiKeyChange,
  ): Promise<object> {
    const { name, scopes } = body;
    const terms = { ...(name !== undefined && { name }), ...(scopes && { scopes }), ...limitsOf(body) };
    return apiKeyView(await this.apiKeys.change(caller, id, terms));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Permit('api-key:write')
  @ApiOperation({ summary: 'Another secret for an own API key; the old one may go on working for a while' })
  @ApiOkResponse({ standardSchema: ApiKeySecretView })
  @SerializeOptions({ schema: ApiKeySecretView })
  async rotate(
    @Caller() caller: Principal,
    @Param({ schema: ApiKeyId }) { id }: ApiKeyId,
    @Body({ schema: KeyRotation }) body: KeyRotation,
  ): Promise<object> {
    const { key, secret } = await this.apiKeys.rotate(caller, id, body.grace_minutes);
    return { ...apiKeyView(key), key: secret };
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('api-key:write')
  @ApiOperation({ summary: 'Revoke an API key; refused everywhere within two seconds' })
  @ApiNoContentResponse()
  revoke(@Caller() caller: Principal, @Param({ schema: ApiKeyId }) { id }: ApiKeyId): Promise<void> {
    return this.apiKeys.revoke(caller, id);
  }
}

type Limits = Pick<KeyTerms, 'datasetIds' | 'networks' | 'expiresAt'>;

/** Only what was sent: what was left out of a change stays as it is. */
function limitsOf(body: NewApiKey): Limits;
function limitsOf(body: ApiKeyChange): Partial<Limits>;
function limitsOf({ dataset_ids, allowed_ips, expires_at }: ApiKeyChange): Partial<Limits> {
  return {
    ...(dataset_ids !== undefined && { datasetIds: dataset_ids }),
    ...(allowed_ips && { networks: allowed_ips }),
    ...(expires_at !== undefined && { expiresAt: expires_at === null ? null : new Date(expires_at) }),
  };
}
