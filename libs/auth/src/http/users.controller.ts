import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Principal, showId } from '#kernel';
import { Idempotent, PageQuery } from '#rest';
import { Caller, Permit } from '../access.decorators.ts';
import { Authority } from '../roles/authority.ts';
import { UsersService } from '../users/users.service.ts';
import { RevokedView } from './auth.schema.ts';
import { InvitedView, NewUser, UserChange, UserId, UserPage, UserRevocation, UserView } from './user.schema.ts';
import { userView } from './views.ts';

@ApiTags('access')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly authority: Authority,
  ) {}

  @Post()
  @Idempotent()
  @Permit('user:write')
  @ApiOperation({ summary: 'Make a user, with a first password or an invitation to choose one' })
  @ApiCreatedResponse({ standardSchema: InvitedView })
  @SerializeOptions({ schema: InvitedView })
  async create(@Caller() caller: Principal, @Body({ schema: NewUser }) body: NewUser): Promise<object> {
    await this.authority.overRoles(caller, body.roles, 'user');
    const { user, invitation } = await this.users.create(caller, body);
    return { ...userView(user), invitation };
  }

  @Get()
  @Permit('user:read')
  @ApiOperation({ summary: 'List users, oldest first' })
  @ApiOkResponse({ standardSchema: UserPage })
  @SerializeOptions({ schema: UserPage })
  async list(@Caller() caller: Principal, @Query({ schema: PageQuery }) { limit, cursor }: PageQuery): Promise<object> {
    const { items, nextCursor } = await this.users.list(caller, limit, cursor);
    return { items: items.map(userView), next_cursor: nextCursor };
  }

  @Get(':id')
  @Permit('user:read')
  @ApiOperation({ summary: 'Get a user' })
  @ApiOkResponse({ standardSchema: UserView })
  @SerializeOptions({ schema: UserView })
  async get(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<object> {
    return userView(await this.users.get(caller, id));
  }

  @Patch(':id')
  @Permit('user:write')
  @ApiOperation({ summary: 'Give a user other roles, or close or open the account' })
  @ApiOkResponse({ standardSchema: UserView })
  @SerializeOptions({ schema: UserView })
  async change(
    @Caller() caller: Principal,
    @Param({ schema: UserId }) { id }: UserId,
    @Body({ schema: UserChange }) body: UserChange,
  ): Promise<object> {
    await this.authority.overUser(caller, id, showId('usr', id));
    if (body.roles) await this.authority.overRoles(caller, body.roles, showId('usr', id));
    return userView(await this.users.change(caller, id, body));
  }

  @Post(':id/lock')
  @HttpCode(200)
  @Permit('user:lock')
  @ApiOperation({ summary: 'Let nothing of a user in: no sign-in, no session, no API key' })
  @ApiOkResponse({ standardSchema: UserView })
  @SerializeOptions({ schema: UserView })
  async lock(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<object> {
    return userView(await this.users.lock(caller, id));
  }

  @Post(':id/unlock')
  @HttpCode(200)
  @Permit('user:lock')
  @ApiOperation({ summary: 'Let a user in again, and forget failed sign-ins' })
  @ApiOkResponse({ standardSchema: UserView })
  @SerializeOptions({ schema: UserView })
  async unlock(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<object> {
    return userView(await this.users.unlock(caller, id));
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Permit('user:lock')
  @ApiOperation({
    summary: 'End every session of a user, and the API keys if wanted; refused everywhere within two seconds',
  })
  @ApiOkResponse({ standardSchema: RevokedView })
  @SerializeOptions({ schema: RevokedView })
  async revoke(
    @Caller() caller: Principal,
    @Param({ schema: UserId }) { id }: UserId,
    @Body({ schema: UserRevocation }) body: UserRevocation,
  ): Promise<object> {
    const { sessions, apiKeys } = await this.users.revoke(caller, id, { apiKeys: body.api_keys });
    return { sessions, api_keys: apiKeys };
  }

  @Post(':id/invite')
  @HttpCode(200)
  @Permit('user:write')
  @ApiOperation({ summary: 'A new invitation, with which the user chooses another password' })
  @ApiOkResponse({ standardSchema: InvitedView })
  @SerializeOptions({ schema: InvitedView })
  async invite(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<object> {
    // Who holds the invitation chooses the password, and then is that user.
    await this.authority.overUser(caller, id, showId('usr', id));
    const { user, invitation } = await this.users.invite(caller, id);
    return { ...userView(user), invitation };
  }
}
