import { Body, Controller, Delete, Get, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Principal } from '#kernel';
import { Caller, Permit } from '../access.decorators.ts';
import { Revocations } from '../revocations.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { RevokedView, RevokeEverything, SessionId, SessionPage } from './auth.schema.ts';
import { sessionView } from './views.ts';

@ApiTags('auth')
@ApiBearerAuth()
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly revocations: Revocations,
  ) {}

  @Get('auth/sessions')
  @Permit('account:read')
  @ApiOperation({ summary: 'List the own sessions, newest first' })
  @ApiOkResponse({ standardSchema: SessionPage })
  @SerializeOptions({ schema: SessionPage })
  async list(@Caller() caller: Principal): Promise<object> {
    const sessions = await this.sessions.list(caller);
    return { items: sessions.map((session) => sessionView(session, caller.sessionId)), next_cursor: null };
  }

  @Delete('auth/sessions/:id')
  @HttpCode(204)
  @Permit('account:write')
  @ApiOperation({ summary: 'End one of the own sessions' })
  @ApiNoContentResponse()
  end(@Caller() caller: Principal, @Param({ schema: SessionId }) { id }: z.infer<typeof SessionId>): Promise<void> {
    return this.sessions.end(caller, id);
  }

  @Delete('auth/sessions')
  @HttpCode(204)
  @Permit('account:write')
  @ApiOperation({ summary: 'End all of the own sessions, this one too' })
  @ApiNoContentResponse()
  endAll(@Caller() caller: Principal): Promise<void> {
    return this.sessions.endAll(caller);
  }

  @Post('admin/sessions/revoke-all')
  @HttpCode(200)
  @Permit('session:revoke')
  @ApiOperation({ summary: 'End every session of everyone; refused everywhere within two seconds' })
  @ApiOkResponse({ standardSchema: RevokedView })
  @SerializeOptions({ schema: RevokedView })
  async revokeAll(
    @Caller() caller: Principal,
    @Body({ schema: RevokeEverything }) body: RevokeEverything,
  ): Promise<object> {
    const except = body.keep_current ? caller.sessionId : undefined;
    const { sessions, apiKeys } = await this.revocations.everything(caller, { apiKeys: body.api_keys, except });
    return { sessions, api_keys: apiKeys };
  }
}
