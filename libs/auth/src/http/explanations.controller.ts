import { Body, Controller, HttpCode, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Principal, showId } from '#kernel';
import { sentId } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { type Explanation, ExplanationsService } from '../explain/explanations.service.ts';
import { allPermissions } from '../permissions.ts';
import { ConditionsView, purpose, viewName } from './conditions.schema.ts';

const Question = z
  .strictObject({
    action: z.enum(allPermissions),
    resource: sentId('ds').optional().describe('A dataset; all of them when left out'),
    user_id: sentId('usr').optional().describe('Somebody else, for those who may see roles'),
    purpose: purpose.optional().describe('As if this were sent as X-Purpose'),
    ip: z.union([z.ipv4(), z.ipv6()]).optional().describe('As if the request came from there'),
    view: viewName.optional().describe('As if records were read through this view'),
    at: z.iso.datetime({ offset: true }).optional().describe('As if it were then'),
  })
  .meta({ id: 'AccessQuestion', example: { action: 'dataset:export', purpose: 'training' } });

const ExplanationView = z
  .object({
    allowed: z.boolean(),
    action: z.string(),
    resource: z.string().nullable(),
    user_id: z.string(),
    decided_by: z.string().describe('role …, grant …, api-key, or default where nothing spoke for it'),
    effect: z.string().nullable(),
    conditions: ConditionsView.nullable().describe('Those of what decided'),
    reason: z.string(),
    would_allow: z
      .object({
        roles: z.array(z.string()).describe('Each of these would be enough; who has user:write gives it'),
        grant: z
          .object({ user_id: z.string(), permissions: z.array(z.string()) })
          .nullable()
          .describe('What to send to POST /datasets/{id}/grants; who has dataset:grant does'),
        without: z.string().nullable().describe('What would have to go first'),
      })
      .nullable()
      .describe('null where it is allowed'),
  })
  .meta({ id: 'AccessExplanation' });

@ApiTags('access')
@ApiBearerAuth()
@Controller('authz')
export class ExplanationsController {
  constructor(private readonly explanations: ExplanationsService) {}

  @Post('explain')
  @HttpCode(200)
  @Permit('account:read')
  @ApiOperation({ summary: 'Why one may or may not do something, and what would allow it' })
  @ApiOkResponse({ standardSchema: ExplanationView })
  @SerializeOptions({ schema: ExplanationView })
  async explain(
    @Caller() caller: Principal,
    @Body({ schema: Question }) { action, resource, user_id, at, ...said }: z.infer<typeof Question>,
  ): Promise<object> {
    const circumstances = { ...said, ...(at !== undefined && { at: new Date(at) }) };
    const asked = { action, datasetId: resource, userId: user_id, circumstances };
    const explanation = await this.explanations.explain(caller, asked);
    return {
      action,
      resource: resource ? showId('ds', resource) : null,
      ...view(explanation),
      would_allow: explanation.allowed ? null : wouldAllow(explanation, action),
    };
  }
}

function view({ allowed, by, policy, reason, userId }: Explanation): object {
  return {
    allowed,
    user_id: showId('usr', userId),
    decided_by: policy,
    effect: by?.effect ?? null,
    conditions: by?.conditions ?? null,
    reason,
  };
}

function wouldAllow({ by, policy, roles, grant, userId }: Explanation, action: string): object {
  return {
    roles,
    grant: grant ? { user_id: showId('usr', userId), permissions: [action] } : null,
    without: by?.effect === 'deny' || policy === 'api-key' ? policy : null,
  };
}
