import { Body, Controller, Get, HttpCode, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Principal, showId } from '#kernel';
import { Caller, Permit, Public } from '../access.decorators.ts';
import { Authenticator } from '../authenticator.ts';
import { AccountView, Credentials, TokenView } from './auth.schema.ts';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(private readonly authenticator: Authenticator) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in with e-mail and password for an access token' })
  @ApiOkResponse({ standardSchema: TokenView })
  @SerializeOptions({ schema: TokenView })
  async login(@Body({ schema: Credentials }) credentials: Credentials): Promise<unknown> {
    const { accessToken, expiresIn } = await this.authenticator.signIn(credentials.email, credentials.password);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
  }

  @Get('me')
  @Permit('account:read')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who is signed in, and what they may do' })
  @ApiOkResponse({ standardSchema: AccountView })
  @SerializeOptions({ schema: AccountView })
  me(@Caller() caller: Principal): unknown {
    return {
      id: showId('usr', caller.id),
      tenant_id: showId('ten', caller.tenantId),
      permissions: [...caller.permissions].sort(),
    };
  }
}
