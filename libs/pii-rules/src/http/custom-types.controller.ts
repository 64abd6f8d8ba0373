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
import { CustomTypesService } from '../custom-types.service.ts';
import { CustomTypeId, CustomTypePage, CustomTypeTerms, CustomTypeView, NewCustomType } from './custom-type.schema.ts';
import { customTypeView, termsFrom } from './views.ts';

@ApiTags('pii')
@ApiBearerAuth()
@Controller('pii/custom-types')
export class CustomTypesController {
  constructor(private readonly types: CustomTypesService) {}

  @Post()
  @Idempotent()
  @Permit('pii:write')
  @ApiOperation({ summary: 'Describe a type of personal data of your own, by words, patterns and examples' })
  @ApiCreatedResponse({ standardSchema: CustomTypeView })
  @SerializeOptions({ schema: CustomTypeView })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: NewCustomType }) { name, ...terms }: NewCustomType,
  ): Promise<object> {
    return customTypeView(await this.types.create(caller, name, termsFrom(terms)));
  }

  @Get()
  @Permit('pii:read')
  @ApiOperation({ summary: 'List the own types, oldest first' })
  @ApiOkResponse({ standardSchema: CustomTypePage })
  @SerializeOptions({ schema: CustomTypePage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) query: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.types.list(caller, query.limit, query.cursor);
    return { items: items.map(customTypeView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('pii:read')
  @ApiOperation({ summary: 'Get an own type' })
  @ApiOkResponse({ standardSchema: CustomTypeView })
  @SerializeOptions({ schema: CustomTypeView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: CustomTypeId }) { id }: CustomTypeId,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const described = await this.types.get(caller, id);
    tagVersion(reply, described.type.version);
    return customTypeView(described);
  }

  @Put(':id')
  @Permit('pii:write')
  @ApiOperation({ summary: 'Describe an own type anew; with If-Match only if it is still that version' })
  @ApiOkResponse({ standardSchema: CustomTypeView })
  @SerializeOptions({ schema: CustomTypeView })
  async replace(
    @Caller() caller: Principal,
    @Param({ schema: CustomTypeId }) { id }: CustomTypeId,
    @Body({ schema: CustomTypeTerms }) terms: CustomTypeTerms,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const described = await this.types.replace(caller, id, termsFrom(terms), versionOf(ifMatch));
    tagVersion(reply, described.type.version);
    return customTypeView(described);
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('pii:write')
  @ApiOperation({ summary: 'Take an own type away; what was found by it stays as it is' })
  @ApiNoContentResponse()
  remove(
    @Caller() caller: Principal,
    @Param({ schema: CustomTypeId }) { id }: CustomTypeId,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    return this.types.remove(caller, id, versionOf(ifMatch));
  }
}
