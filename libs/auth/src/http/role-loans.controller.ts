import { Body, Controller, Delete, Get, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#kernel';
import { Idempotent } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { type HeldRole, RoleLoansService } from '../roles/role-loans.service.ts';
import { HeldRolePage, HeldRolePath, HeldRoleView, RoleLoan } from './role.schema.ts';
import { UserId } from './user.schema.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller('users/:id/roles')
export class RoleLoansController {
  constructor(private readonly loans: RoleLoansService) {}

  @Get()
  @Permit('user:read')
  @ApiOperation({ summary: 'The roles of a user, and until when' })
  @ApiOkResponse({ standardSchema: HeldRolePage })
  @SerializeOptions({ schema: HeldRolePage })
  async list(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<object> {
    return { items: (await this.loans.of(caller, id)).map(view), next_cursor: null };
  }

  @Post()
  @Idempotent()
  @HttpCode(200)
  @Permit('user:write')
  @ApiOperation({ summary: 'Give a user a role until a time; once more for another time' })
  @ApiOkResponse({ standardSchema: HeldRoleView })
  @SerializeOptions({ schema: HeldRoleView })
  async lend(
    @Caller() caller: Principal,
    @Param({ schema: UserId }) { id }: UserId,
    @Body({ schema: RoleLoan }) { role, expires_at }: RoleLoan,
  ): Promise<object> {
    return view(await this.loans.lend(caller, id, role, new Date(expires_at)));
  }

  @Delete(':role')
  @HttpCode(204)
  @Permit('user:write')
  @ApiOperation({ summary: 'Take a role back before its time; those without an end go by PATCH /users/{id}' })
  @ApiNoContentResponse()
  takeBack(@Caller() caller: Principal, @Param({ schema: HeldRolePath }) { id, role }: HeldRolePath): Promise<void> {
    return this.loans.takeBack(caller, id, role);
  }
}

function view({ role, expiresAt }: HeldRole): object {
  return { role, expires_at: expiresAt?.toISOString() ?? null };
}
