import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, SerializeOptions } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, PageQuery, sentId } from '#rest';
import { BranchesService } from '../versions/branches.service.ts';
import { TagsService } from '../versions/tags.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { BranchPage, BranchView, NewBranch, NewTag, Protection, Reset, TagPage, TagView } from './version.schema.ts';
import { branchView, tagView } from './version.views.ts';

const Named = z.strictObject({ id: sentId('ds'), name: z.string().min(1).max(255) });
type Named = z.infer<typeof Named>;

@ApiTags('versions')
@ApiBearerAuth()
@Controller('datasets/:id')
export class BranchesController {
  constructor(
    private readonly branches: BranchesService,
    private readonly tagged: TagsService,
  ) {}

  @Post('branches')
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Create a branch from any ref; nothing is copied' })
  @ApiCreatedResponse({ standardSchema: BranchView })
  @SerializeOptions({ schema: BranchView })
  async create(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewBranch }) { name, from }: NewBranch,
  ): Promise<object> {
    return branchView(await this.branches.create(caller, id, name, from));
  }

  @Get('branches')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'List branches, by name' })
  @ApiOkResponse({ standardSchema: BranchPage })
  @SerializeOptions({ schema: BranchPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: PageQuery }) { limit, cursor }: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.branches.list(caller, id, limit, cursor);
    return { items: page.items.map(branchView), next_cursor: page.nextCursor };
  }

  @Get('branches/:name')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'Get a branch' })
  @ApiOkResponse({ standardSchema: BranchView })
  @SerializeOptions({ schema: BranchView })
  async get(@Caller() caller: Principal, @Param({ schema: Named }) { id, name }: Named): Promise<object> {
    return branchView(await this.branches.get(caller, id, name));
  }

  @Put('branches/:name/protection')
  @Permit('dataset:protect')
  @ApiOperation({
    summary: 'Say whether a branch takes direct commits, or merges alone, and how many must approve those',
  })
  @ApiOkResponse({ standardSchema: BranchView })
  @SerializeOptions({ schema: BranchView })
  async protect(
    @Caller() caller: Principal,
    @Param({ schema: Named }) { id, name }: Named,
    @Body({ schema: Protection }) body: Protection,
  ): Promise<object> {
    const { protected: isProtected, required_approvals: requiredApprovals } = body;
    return branchView(await this.branches.protect(caller, id, name, { isProtected, requiredApprovals }));
  }

  @Post('branches/:name/reset')
  @HttpCode(200)
  @Permit('record:write')
  @ApiOperation({ summary: 'Let a branch go on from another commit' })
  @ApiOkResponse({ standardSchema: BranchView })
  @SerializeOptions({ schema: BranchView })
  async reset(
    @Caller() caller: Principal,
    @Param({ schema: Named }) { id, name }: Named,
    @Body({ schema: Reset }) { to }: Reset,
  ): Promise<object> {
    return branchView(await this.branches.reset(caller, id, name, to));
  }

  @Delete('branches/:name')
  @HttpCode(204)
  @Permit('record:write')
  @ApiOperation({ summary: 'Delete a branch; commits of it stay where others stand on them' })
  @ApiNoContentResponse()
  async remove(@Caller() caller: Principal, @Param({ schema: Named }) { id, name }: Named): Promise<void> {
    await this.branches.remove(caller, id, name);
  }

  @Post('tags')
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Give a commit a name that stays' })
  @ApiCreatedResponse({ standardSchema: TagView })
  @SerializeOptions({ schema: TagView })
  async tag(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewTag }) body: NewTag,
  ): Promise<object> {
    return tagView(await this.tagged.create(caller, id, body));
  }

  @Get('tags')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'List tags, by name' })
  @ApiOkResponse({ standardSchema: TagPage })
  @SerializeOptions({ schema: TagPage })
  async tags(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: PageQuery }) { limit, cursor }: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.tagged.list(caller, id, limit, cursor);
    return { items: page.items.map(tagView), next_cursor: page.nextCursor };
  }

  @Get('tags/:name')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'Get a tag' })
  @ApiOkResponse({ standardSchema: TagView })
  @SerializeOptions({ schema: TagView })
  async getTag(@Caller() caller: Principal, @Param({ schema: Named }) { id, name }: Named): Promise<object> {
    return tagView(await this.tagged.get(caller, id, name));
  }

  @Delete('tags/:name')
  @HttpCode(204)
  @Permit('record:write')
  @ApiOperation({ summary: 'Delete a tag; the commit stays' })
  @ApiNoContentResponse()
  async removeTag(@Caller() caller: Principal, @Param({ schema: Named }) { id, name }: Named): Promise<void> {
    await this.tagged.remove(caller, id, name);
  }
}
