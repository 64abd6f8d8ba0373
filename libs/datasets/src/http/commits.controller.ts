import {
  Body,
  Controller,
  Get,
  Headers,
  Param,
  Put,
  Query,
  Res,
  SerializeOptions,
  StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { type Reply, sentId } from '#rest';
import { CommitSigningService } from '../versions/commit-signing.service.ts';
import { CommitsService } from '../versions/commits.service.ts';
import { DifferencesService } from '../versions/differences.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { piiChart } from './pii-chart.ts';
import { VerdictsView } from './settings.schema.ts';
import {
  CommitPage,
  CommitQuery,
  CommitView,
  DiffQuery,
  DiffView,
  NewSignature,
  PiiDiffQuery,
  PiiDiffView,
} from './version.schema.ts';
import { commitView, differenceView, piiDiffView } from './version.views.ts';

const CommitPath = z.strictObject({ id: sentId('ds'), cid: sentId('cm') });

@ApiTags('versions')
@ApiBearerAuth()
@Controller('datasets/:id')
export class CommitsController {
  constructor(
    private readonly commits: CommitsService,
    private readonly signing: CommitSigningService,
    private readonly differences: DifferencesService,
  ) {}

  @Get('commits')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'List commits, newest first: of all branches, or the history of a ref' })
  @ApiOkResponse({ standardSchema: CommitPage })
  @SerializeOptions({ schema: CommitPage })
  async list(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: CommitQuery }) query: z.infer<typeof CommitQuery>,
  ): Promise<object> {
    const page = await this.commits.list(caller, id, query);
    return { items: page.items.map(commitView), next_cursor: page.nextCursor };
  }

  @Get('commits/:cid')
  @Permit('dataset:read')
  @ApiOperation({ summary: 'Get a commit: parents, author, message, Merkle root and statistics' })
  @ApiOkResponse({ standardSchema: CommitView })
  @SerializeOptions({ schema: CommitView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: CommitPath }) { id, cid }: z.infer<typeof CommitPath>,
  ): Promise<object> {
    return commitView(await this.commits.get(caller, id, cid));
  }

  @Put('commits/:cid/signature')
  @Permit('record:write')
  @ApiOperation({ summary: 'Sign a commit that is your own, with a key of your own' })
  @ApiOkResponse({ standardSchema: CommitView })
  @SerializeOptions({ schema: CommitView })
  async sign(
    @Caller() caller: Principal,
    @Param({ schema: CommitPath }) { id, cid }: z.infer<typeof CommitPath>,
    @Body({ schema: NewSignature }) { public_key: publicKey, signature }: NewSignature,
  ): Promise<object> {
    return commitView(await this.signing.sign(caller, id, cid, { publicKey, signature }));
  }

  @Get('commits/:cid/gates')
  @Permit('dataset:read')
  @ApiOperation({
    summary: 'What the gates of its branch said of a commit when it was made; empty where there was none',
  })
  @ApiOkResponse({ standardSchema: VerdictsView })
  @SerializeOptions({ schema: VerdictsView })
  async gates(
    @Caller() caller: Principal,
    @Param({ schema: CommitPath }) { id, cid }: z.infer<typeof CommitPath>,
  ): Promise<object> {
    const commit = await this.commits.get(caller, id, cid);
    return { commit_id: showId('cm', commit.id), gates: commit.gates ?? [] };
  }

  @Get('diff')
  @Permit('record:read')
  @ApiOperation({ summary: 'Which records differ between two refs, and where; costs what was changed' })
  @ApiOkResponse({ standardSchema: DiffView })
  @SerializeOptions({ schema: DiffView })
  async diff(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: DiffQuery }) query: z.infer<typeof DiffQuery>,
  ): Promise<object> {
    // Resolved once: a branch may move between two looks at it.
    const sides = await this.differences.sides(caller, id, query.from, query.to);
    const [from, to] = [showId('cm', sides.from.id), showId('cm', sides.to.id)];
    const page = await this.differences.page(caller, id, { ...query, from, to });
    const statistics = query.count ? await this.differences.count(caller, id, { from, to }) : undefined;
    return { from, to, items: page.items.map(differenceView), statistics, next_cursor: page.nextCursor };
  }

  @Get('diff/pii')
  @Permit('dataset:read')
  @ApiOperation({
    summary:
      'How the personal data in two refs differs: types, counts and risk; as a chart where Accept says image/svg+xml',
  })
  @ApiProduces('application/json', 'image/svg+xml')
  @ApiOkResponse({ standardSchema: PiiDiffView })
  async piiDiff(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Query({ schema: PiiDiffQuery }) query: z.infer<typeof PiiDiffQuery>,
    @Headers('accept') accepted: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const { from, to } = await this.differences.sides(caller, id, query.from, query.to);
    const drift = piiDiffView(from, to);
    reply.header('vary', 'accept');
    if (!isChart(accepted)) return drift;
    return new StreamableFile(Buffer.from(piiChart(drift)), { type: 'image/svg+xml' });
  }
}

/** Whether a picture is asked for, and nothing before it that we have too: browsers ask for anything at the end. */
function isChart(accepted = ''): boolean {
  const [first] = /image\/svg\+xml|application\/json|\*\/\*/.exec(accepted) ?? [];
  return first === 'image/svg+xml';
}
