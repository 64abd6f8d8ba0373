import { Body, Controller, Get, Param, Post, Query, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Principal, showId } from '#kernel';
import { Idempotent, pageOf, PageQuery, sentId, text } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { TenantsService } from '../tenants/tenants.service.ts';
import { tenantView } from './access.views.ts';
import { email } from './user.schema.ts';

const TenantId = z.strictObject({ id: sentId('ten') });

const NewTenant = z
  .strictObject({
    slug: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'Expected lower-case letters, digits and hyphens'),
    name: text(255).min(1),
    admin_email: email.describe('The first administrator, who chooses a password with the invitation'),
  })
  .meta({ id: 'NewTenant', example: { slug: 'north', name: 'North', admin_email: 'nora@example.org' } });

const TenantView = z
  .object({ id: z.string(), slug: z.string(), name: z.string(), created_at: z.string() })
  .meta({ id: 'Tenant' });
const TenantPage = pageOf(TenantView, 'TenantPage');

const MadeTenantView = TenantView.extend({
  admin_id: z.string(),
  invitation: z.string().describe('Hand it to the administrator, who sets a password with it; shown only now'),
}).meta({ id: 'MadeTenant' });

@ApiTags('access')
@ApiBearerAuth()
@Controller('tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Post()
  @Idempotent()
  @Permit('platform:tenants')
  @ApiOperation({ summary: 'Make a tenant with its first administrator' })
  @ApiCreatedResponse({ standardSchema: MadeTenantView })
  @SerializeOptions({ schema: MadeTenantView })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: NewTenant }) { slug, name, admin_email }: z.infer<typeof NewTenant>,
  ): Promise<object> {
    const { tenant, admin } = await this.tenants.create(caller, { slug, name, adminEmail: admin_email });
    return { ...tenantView(tenant), admin_id: showId('usr', admin.user.id), invitation: admin.invitation };
  }

  @Get()
  @Permit('platform:tenants')
  @ApiOperation({ summary: 'List tenants, oldest first' })
  @ApiOkResponse({ standardSchema: TenantPage })
  @SerializeOptions({ schema: TenantPage })
  async list(@Query({ schema: PageQuery }) { limit, cursor }: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.tenants.list(limit, cursor);
    return { items: items.map(tenantView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('platform:tenants')
  @ApiOperation({ summary: 'Get a tenant' })
  @ApiOkResponse({ standardSchema: TenantView })
  @SerializeOptions({ schema: TenantView })
  async get(@Param({ schema: TenantId }) { id }: z.infer<typeof TenantId>): Promise<object> {
    return tenantView(await this.tenants.get(id));
  }
}
