import { Body, Controller, Get, HttpCode, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { RequestMerger } from '../requests/request.merger.ts';
import { RequestOutlook } from '../requests/request.outlook.ts';
import { RequestsService } from '../requests/requests.service.ts';
import { ReviewsService } from '../requests/reviews.service.ts';
import { DatasetId } from './dataset.schema.ts';
import {
  Dismissal,
  MergeRequestDetail,
  MergeRequestPage,
  MergeRequestView,
  NewMergeRequest,
  NewReview,
  RequestMerge,
  RequestPath,
  RequestQuery,
  ReviewPage,
  ReviewPath,
  ReviewView,
} from './merge-request.schema.ts';
import { outlookView, requestView, reviewView } from './merge-request.views.ts';

@ApiTags('versions')
@ApiBearerAuth()
@Controller('datasets/:id/merge-requests')
export class MergeRequestsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly outlook: RequestOutlook,
    private readonly merger: RequestMerger,
    private readonly reviews: ReviewsService,
  ) {}

  @Post()
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a branch to be reviewed and merged into another' })
  @ApiCreatedResponse({ standardSchema: MergeRequestView })
  @SerializeOptions({ schema: MergeRequestView })
  async open(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: NewMergeRequest }) body: NewMergeRequest,
  ): Promise<object> {
    return requestView(await this.requests.open(caller, id, body));
  }

  @Get()
  @Permit('dataset:read')
  @ApiOperation({ summary: 'List merge requests, newest first' })
  @ApiOkResponse({ standardSchema: MergeRequestPage })
  @SerializeOptions({ schema: MergeRequestPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: RequestQuery }) query: z.infer<typeof RequestQuery>,
  ): Promise<object> {
    const page = await this.requests.list(caller, id, query);
    return { items: page.items.map(requestView), next_cursor: page.nextCursor };
  }

  @Get(':mr')
  @Permit('record:read')
  @ApiOperation({
    summary: 'Get a merge request: its difference, conflicts, verdicts, approvals, and what is in its way',
  })
  @ApiOkResponse({ standardSchema: MergeRequestDetail })
  @SerializeOptions({ schema: MergeRequestDetail })
  async get(@Caller() caller: Principal, @Param({ schema: RequestPath }) { id, mr }: RequestPath): Promise<object> {
    return outlookView(await this.outlook.of(caller, id, mr));
  }

  @Post(':mr/reviews')
  @Permit('dataset:review')
  @Idempotent()
  @ApiOperation({ summary: 'Approve what others did, ask for changes, or comment' })
  @ApiCreatedResponse({ standardSchema: ReviewView })
  @SerializeOptions({ schema: ReviewView })
  async review(
    @Caller() caller: Principal,
    @Param({ schema: RequestPath }) { id, mr }: RequestPath,
    @Body({ schema: NewReview }) { decision, note, commit_id: commitId }: NewReview,
  ): Promise<object> {
    return reviewView(await this.reviews.review(caller, id, mr, { decision, note, commitId }));
  }

  @Get(':mr/reviews')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'List the reviews of a merge request, as they were made' })
  @ApiOkResponse({ standardSchema: ReviewPage })
  @SerializeOptions({ schema: ReviewPage })
  async listReviews(
    @Caller() caller: Principal,
    @Param({ schema: RequestPath }) { id, mr }: RequestPath,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ): Promise<object> {
    const page = await this.reviews.list(caller, id, mr, query);
    return { items: page.items.map(reviewView), next_cursor: page.nextCursor };
  }

  @Post(':mr/reviews/:review/dismiss')
  @HttpCode(200)
  @Permit('dataset:protect')
  @ApiOperation({ summary: 'Let an approval, or what a reviewer asks for, count no more' })
  @ApiOkResponse({ standardSchema: ReviewView })
  @SerializeOptions({ schema: ReviewView })
  async dismiss(
    @Caller() caller: Principal,
    @Param({ schema: ReviewPath }) { id: datasetId, mr: id, review: reviewId }: ReviewPath,
    @Body({ schema: Dismissal }) { reason }: Dismissal,
  ): Promise<object> {
    return reviewView(await this.reviews.dismiss(caller, { datasetId, id, reviewId }, reason));
  }

  @Post(':mr/close')
  @HttpCode(200)
  @Permit('record:write')
  @ApiOperation({ summary: 'Close a merge request that is not to be merged' })
  @ApiOkResponse({ standardSchema: MergeRequestView })
  @SerializeOptions({ schema: MergeRequestView })
  async close(@Caller() caller: Principal, @Param({ schema: RequestPath }) { id, mr }: RequestPath): Promise<object> {
    return requestView(await this.requests.close(caller, id, mr));
  }

  @Post(':mr/reopen')
  @HttpCode(200)
  @Permit('record:write')
  @ApiOperation({ summary: 'Open a merge request again that was closed' })
  @ApiOkResponse({ standardSchema: MergeRequestView })
  @SerializeOptions({ schema: MergeRequestView })
  async reopen(@Caller() caller: Principal, @Param({ schema: RequestPath }) { id, mr }: RequestPath): Promise<object> {
    return requestView(await this.requests.reopen(caller, id, mr));
  }

  @Post(':mr/merge')
  @HttpCode(200)
  @Permit('record:write')
  @Idempotent()
  @ApiOperation({ summary: 'Merge what was reviewed, when nothing is in its way' })
  @ApiOkResponse({ standardSchema: MergeRequestView })
  @SerializeOptions({ schema: MergeRequestView })
  async merge(
    @Caller() caller: Principal,
    @Param({ schema: RequestPath }) { id, mr }: RequestPath,
    @Body({ schema: RequestMerge }) { message, commit_id: commitId }: RequestMerge,
  ): Promise<object> {
    return requestView(await this.merger.merge(caller, id, mr, { message, commitId }));
  }
}
