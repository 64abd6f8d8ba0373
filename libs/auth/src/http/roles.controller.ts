import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Res, SerializeOptions } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '#kernel';
import { Idempotent, IfMatch, type Reply, tagVersion, versionOf } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { isAboutDatasets, permissions } from '../permissions.ts';
import { builtInRole, builtInRoles } from '../roles/built-in-roles.ts';
import { RoleBuiltIn, RoleNotFound } from '../roles/role.errors.ts';
import { RolesService } from '../roles/roles.service.ts';
import { NewRole, PermissionPage, RoleChange, RoleId, RolePage, RoleView } from './role.schema.ts';
import { builtInRoleView, roleView } from './access.views.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller()
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get('permissions')
  @Permit('account:read')
  @ApiOperation({ summary: 'List what there is to be permitted' })
  @ApiOkResponse({ standardSchema: PermissionPage })
  @SerializeOptions({ schema: PermissionPage })
  permissions(): object {
    const items = Object.entries(permissions).map(([name, description]) => ({
      name,
      description,
      grantable: isAboutDatasets(name),
    }));
    return { items, next_cursor: null };
  }

  @Get('roles')
  @Permit('role:read')
  @ApiOperation({ summary: 'List roles: the built-in ones, and those of the tenant' })
  @ApiOkResponse({ standardSchema: RolePage })
  @SerializeOptions({ schema: RolePage })
  async list(@Caller() caller: Principal): Promise<object> {
    const own = await this.roles.list(caller);
    return { items: [...builtInRoles.map(builtInRoleView), ...own.map(roleView)], next_cursor: null };
  }

  @Post('roles')
  @Idempotent()
  @Permit('role:write')
  @ApiOperation({ summary: 'Make a role' })
  @ApiCreatedResponse({ standardSchema: RoleView })
  @SerializeOptions({ schema: RoleView })
  async create(@Caller() caller: Principal, @Body({ schema: NewRole }) { name, ...terms }: NewRole): Promise<object> {
    return roleView(await this.roles.create(caller, name, terms));
  }

  @Get('roles/:id')
  @Permit('role:read')
  @ApiOperation({ summary: 'Get a role, by its id, or a built-in one by its name' })
  @ApiOkResponse({ standardSchema: RoleView })
  @SerializeOptions({ schema: RoleView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: RoleId }) { id }: RoleId,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    if (typeof id === 'string') return builtInRoleView(mustBeBuiltIn(id));
    const role = await this.roles.get(caller, id.id);
    tagVersion(reply, role.version);
    return roleView(role);
  }

  @Patch('roles/:id')
  @Permit('role:write')
  @ApiOperation({ summary: 'Change a role; with If-Match only if it is still that version' })
  @ApiOkResponse({ standardSchema: RoleView })
  @SerializeOptions({ schema: RoleView })
  async change(
    @Caller() caller: Principal,
    @Param({ schema: RoleId }) { id }: RoleId,
    @Body({ schema: RoleChange }) change: RoleChange,
    @IfMatch() ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const role = await this.roles.change(caller, ownId(id), change, versionOf(ifMatch));
    tagVersion(reply, role.version);
    return roleView(role);
  }

  @Delete('roles/:id')
  @HttpCode(204)
  @Permit('role:write')
  @ApiOperation({ summary: 'Take a role away that nobody has' })
  @ApiNoContentResponse()
  remove(
    @Caller() caller: Principal,
    @Param({ schema: RoleId }) { id }: RoleId,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    return this.roles.remove(caller, ownId(id), versionOf(ifMatch));
  }
}

function mustBeBuiltIn(name: string): (typeof builtInRoles)[number] {
  const role = builtInRole(name);
  if (!role) throw new RoleNotFound();
  return role;
}

function ownId(id: RoleId['id']): string {
  if (typeof id !== 'string') return id.id;
  mustBeBuiltIn(id);
  throw new RoleBuiltIn();
}
