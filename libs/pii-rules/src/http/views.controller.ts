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
import { ViewsService } from '../views/views.service.ts';
import { viewView } from './policy.views.ts';
import { NewView, ViewPage, ViewPath, ViewTermsBody, ViewView } from './view.schema.ts';

@ApiTags('anonymization')
@ApiBearerAuth()
@Controller('views')
export class ViewsController {
  constructor(private readonly views: ViewsService) {}

  @Post()
  @Idempotent()
  @Permit('pii:write')
  @ApiOperation({ summary: 'Make a view: a name under which records are read as a policy leaves them' })
  @ApiCreatedResponse({ standardSchema: ViewView })
  @SerializeOptions({ schema: ViewView })
  async create(@Caller() caller: Principal, @Body({ schema: NewView }) { name, ...terms }: NewView): Promise<object> {
    return viewView(await this.views.create(caller, name, terms));
  }

  @Get()
  @Permit('pii:read')
  @ApiOperation({ summary: 'List views' })
  @ApiOkResponse({ standardSchema: ViewPage })
  @SerializeOptions({ schema: ViewPage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) query: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.views.list(caller, query.limit, query.cursor);
    return { items: items.map(viewView), next_cursor: nextCursor };
  }

  @Get(':name')
  @Permit('pii:read')
  @ApiOperation({ summary: 'Get a view, with what it takes out' })
  @ApiOkResponse({ standardSchema: ViewView })
  @SerializeOptions({ schema: ViewView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: ViewPath }) { name }: ViewPath,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const view = await this.views.get(caller, name);
    tagVersion(reply, view.version);
    return viewView(view);
  }

  @Put(':name')
  @Permit('pii:write')
  @ApiOperation({
    summary: 'Change a view, to what the policy says now; with If-Match only if it is still that version',
  })
  @ApiOkResponse({ standardSchema: ViewView })
  @SerializeOptions({ schema: ViewView })
  async replace(
    @Caller() caller: Principal,
    @Param({ schema: ViewPath }) { name }: ViewPath,
    @Body({ schema: ViewTermsBody }) terms: ViewTermsBody,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const view = await this.views.replace(caller, name, terms, versionOf(ifMatch));
    tagVersion(reply, view.version);
    return viewView(view);
  }

  @Delete(':name')
  @HttpCode(204)
  @Permit('pii:write')
  @ApiOperation({ summary: 'Take a view away: nothing is read through it any more' })
  @ApiNoContentResponse()
  remove(
    @Caller() caller: Principal,
    @Param({ schema: ViewPath }) { name }: ViewPath,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    return this.views.remove(caller, name, versionOf(ifMatch));
  }
}
