import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  SerializeOptions,
} from '@nestjs/common';
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
import { Idempotent, IfMatch, PageQuery, type Reply, tagVersion, versionOf } from '#rest';
import { PoliciesService } from '../policies.service.ts';
import { presets } from '../presets/all-presets.ts';
import { NewPolicy, PolicyId, PolicyPage, PolicyTermsBody, PolicyView } from './policy.schema.ts';
import { policyTermsFrom, policyView } from './policy.views.ts';

@ApiTags('anonymization')
@ApiBearerAuth()
@Controller('anonymization-policies')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Post()
  @Idempotent()
  @Permit('pii:write')
  @ApiOperation({ summary: 'Make a policy, alone or as a changed copy of another' })
  @ApiCreatedResponse({ standardSchema: PolicyView })
  @SerializeOptions({ schema: PolicyView })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: NewPolicy }) { name, based_on: basedOn, ...said }: NewPolicy,
  ): Promise<object> {
    return policyView(await this.policies.create(caller, name, { ...policyTermsFrom(said), basedOn }));
  }

  @Get()
  @Permit('pii:read')
  @ApiOperation({ summary: 'List policies: the presets, and those of your own' })
  @ApiOkResponse({ standardSchema: PolicyPage })
  @SerializeOptions({ schema: PolicyPage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) query: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.policies.list(caller, query.limit, query.cursor);
    const first = query.cursor === undefined ? presets.map(policyView) : [];
    return { items: [...first, ...items.map(policyView)], next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('pii:read')
  @ApiOperation({ summary: 'Get a policy, by its id, or a preset by its name' })
  @ApiOkResponse({ standardSchema: PolicyView })
  @SerializeOptions({ schema: PolicyView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: PolicyId }) { id }: PolicyId,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const policy = await this.policies.get(caller, id);
    if ('version' in policy) tagVersion(reply, policy.version);
    return policyView(policy);
  }

  @Put(':id')
  @Permit('pii:write')
  @ApiOperation({ summary: 'Change a policy of your own; with If-Match only if it is still that version' })
  @ApiOkResponse({ standardSchema: PolicyView })
  @SerializeOptions({ schema: PolicyView })
  async replace(
    @Caller() caller: Principal,
    @Param({ schema: PolicyId }) { id }: PolicyId,
    @Body({ schema: PolicyTermsBody }) { extra_types, min_confidence, ...terms }: PolicyTermsBody,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const said = { ...terms, extraTypes: extra_types, minConfidence: min_confidence };
    const policy = await this.policies.replace(caller, id, said, versionOf(ifMatch));
    tagVersion(reply, policy.version);
    return policyView(policy);
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('pii:write')
  @ApiOperation({ summary: 'Take a policy of your own away; what was made by it stays' })
  @ApiNoContentResponse()
  remove(
    @Caller() caller: Principal,
    @Param({ schema: PolicyId }) { id }: PolicyId,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    return this.policies.remove(caller, id, versionOf(ifMatch));
  }
}
