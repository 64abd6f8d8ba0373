import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
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
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, IfMatch, type Reply, tagVersion, versionOf } from '#rest';
import { DatasetsService } from '../datasets.service.ts';
import { FindingsService } from '../findings/findings.service.ts';
import { RemovalsService } from '../removals.service.ts';
import {
  DatasetChange,
  DatasetId,
  DatasetPage,
  DatasetView,
  LineageView,
  NewClassification,
  NewDataset,
  StatisticsView,
} from './dataset.schema.ts';
import { datasetView, lineageView, statisticsView } from './views.ts';
import { PageCountQuery, RefQuery } from './wire.ts';

@ApiTags('datasets')
@ApiBearerAuth()
@Controller('datasets')
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly findings: FindingsService,
    private readonly removals: RemovalsService,
  ) {}

  @Post()
  @Permit('dataset:write', 'none')
  @Idempotent()
  @ApiOperation({ summary: 'Create a dataset' })
  @ApiCreatedResponse({ standardSchema: DatasetView })
  @SerializeOptions({ schema: DatasetView })
  async create(@Caller() caller: Principal, @Body({ schema: NewDataset }) body: NewDataset): Promise<object> {
    const { record_kind: recordKind, ...wanted } = body;
    return datasetView(await this.datasets.create(caller, { ...wanted, recordKind }));
  }

  @Get()
  @Permit('dataset:read', 'each')
  @ApiOperation({ summary: 'List datasets, oldest first' })
  @ApiOkResponse({ standardSchema: DatasetPage })
  @SerializeOptions({ schema: DatasetPage })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: PageCountQuery }) query: z.infer<typeof PageCountQuery>,
  ): Promise<object> {
    const page = await this.datasets.list(caller, query.limit, query.cursor, query.count === 'exact');
    return { items: page.items.map(datasetView), next_cursor: page.nextCursor, total: page.total };
  }

  @Get(':id')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'Get a dataset' })
  @ApiOkResponse({ standardSchema: DatasetView })
  @SerializeOptions({ schema: DatasetView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const dataset = await this.datasets.get(caller, id);
    tagVersion(reply, dataset.version);
    return datasetView(dataset);
  }

  @Patch(':id')
  @Permit('dataset:write')
  @ApiOperation({ summary: 'Say what a dataset is called; with If-Match only if it is still that version' })
  @ApiOkResponse({ standardSchema: DatasetView })
  @SerializeOptions({ schema: DatasetView })
  async change(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: DatasetChange }) change: DatasetChange,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const dataset = await this.datasets.change(caller, id, change, versionOf(ifMatch));
    tagVersion(reply, dataset.version);
    return datasetView(dataset);
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('dataset:delete')
  @ApiOperation({ summary: 'Delete a dataset with everything in it, for good: the keys of its contents are destroyed' })
  @ApiNoContentResponse()
  remove(@Caller() caller: Principal, @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>): Promise<void> {
    return this.removals.remove(caller, id);
  }

  @Put(':id/classification')
  @Permit('dataset:classify')
  @ApiOperation({ summary: 'Say how guarded a dataset is: conditions of roles and grants ask for that' })
  @ApiOkResponse({ standardSchema: DatasetView })
  @SerializeOptions({ schema: DatasetView })
  async classify(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewClassification }) { classification }: NewClassification,
  ): Promise<object> {
    return datasetView(await this.datasets.classify(caller, id, classification));
  }

  @Get(':id/stats')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'Records, bytes and findings of a dataset at a ref' })
  @ApiOkResponse({ standardSchema: StatisticsView })
  @SerializeOptions({ schema: StatisticsView })
  async statistics(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: RefQuery }) { ref }: z.infer<typeof RefQuery>,
  ): Promise<object> {
    const { commit, statistics } = await this.findings.statistics(caller, id, ref);
    return statisticsView({ id: commit.id, statistics });
  }

  @Get(':id/lineage')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'What a dataset was made from, and what was made from it' })
  @ApiOkResponse({ standardSchema: LineageView })
  @SerializeOptions({ schema: LineageView })
  async lineage(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
  ): Promise<object> {
    return { items: (await this.datasets.lineage(caller, id)).map(lineageView), next_cursor: null };
  }
}
