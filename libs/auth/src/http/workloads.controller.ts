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
import { WorkloadsService } from '../oidc/workloads.service.ts';
import { workloadView } from './access.views.ts';
import { NewWorkload, WorkloadId, WorkloadPage, WorkloadView } from './workload.schema.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller('workloads')
export class WorkloadsController {
  constructor(private readonly workloads: WorkloadsService) {}

  @Post()
  @Idempotent()
  @Permit('workload:write')
  @ApiOperation({ summary: 'Let a program exchange tokens of its own issuer, that say what is agreed here, for ours' })
  @ApiCreatedResponse({ standardSchema: WorkloadView })
  @SerializeOptions({ schema: WorkloadView })
  async create(@Caller() caller: Principal, @Body({ schema: NewWorkload }) body: NewWorkload): Promise<object> {
    return workloadView(await this.workloads.create(caller, body));
  }

  @Get()
  @Permit('workload:read')
  @ApiOperation({ summary: 'List workloads, oldest first' })
  @ApiOkResponse({ standardSchema: WorkloadPage })
  @SerializeOptions({ schema: WorkloadPage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) { limit, cursor }: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.workloads.list(caller, limit, cursor);
    return { items: items.map(workloadView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('workload:read')
  @ApiOperation({ summary: 'Get a workload' })
  @ApiOkResponse({ standardSchema: WorkloadView })
  @SerializeOptions({ schema: WorkloadView })
  async get(@Caller() caller: Principal, @Param({ schema: WorkloadId }) { id }: WorkloadId): Promise<object> {
    return workloadView(await this.workloads.get(caller, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('workload:write')
  @ApiOperation({ summary: 'Let a program in no more; its tokens are refused within two seconds' })
  @ApiNoContentResponse()
  remove(@Caller() caller: Principal, @Param({ schema: WorkloadId }) { id }: WorkloadId): Promise<void> {
    return this.workloads.remove(caller, id);
  }
}
