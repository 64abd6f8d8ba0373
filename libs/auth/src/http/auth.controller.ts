import { Body, Controller, Get, HttpCode, Post, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Principal, showId } from '#kernel';
import { UserAgent } from '#rest';
import { Caller, Permit, Public } from '../access.decorators.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { SignIns } from '../sessions/sign-ins.ts';
import { OwnPasswordService } from '../users/own-password.service.ts';
import {
  AccountView,
  Credentials,
  Invitation,
  PasswordChange,
  Refresh,
  SecondStep,
  SignInView,
  TokenView,
} from './auth.schema.ts';
import { signInView } from './views.ts';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIns: SignIns,
    private readonly sessions: SessionsService,
    private readonly passwords: OwnPasswordService,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in with e-mail and password' })
  @ApiOkResponse({ standardSchema: SignInView })
  @SerializeOptions({ schema: SignInView })
  async login(
    @Body({ schema: Credentials }) { email, password }: Credentials,
    @UserAgent() userAgent: string | undefined,
  ): Promise<object> {
    return signInView(await this.signIns.signIn(email, password, userAgent));
  }

  @Post('second-factor/sign-in')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'The second step of a sign-in: a code of the app, or a recovery code' })
  @ApiOkResponse({ standardSchema: TokenView })
  @SerializeOptions({ schema: TokenView })
  async complete(
    @Body({ schema: SecondStep }) { pending_token, code }: SecondStep,
    @UserAgent() userAgent: string | undefined,
  ): Promise<object> {
    return signInView(await this.signIns.complete(pending_token, code, userAgent));
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'A new access token for a refresh token, which is used up by it' })
  @ApiOkResponse({ standardSchema: TokenView })
  @SerializeOptions({ schema: TokenView })
  async refresh(@Body({ schema: Refresh }) { refresh_token }: Refresh): Promise<object> {
    return signInView(await this.sessions.refresh(refresh_token));
  }

  @Post('logout')
  @HttpCode(204)
  @Permit('account:write')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End the session of this access token' })
  @ApiNoContentResponse()
  logout(@Caller() caller: Principal): Promise<void> {
    return this.sessions.logout(caller);
  }

  @Get('me')
  @Permit('account:read')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who is signed in, and what they may do' })
  @ApiOkResponse({ standardSchema: AccountView })
  @SerializeOptions({ schema: AccountView })
  me(@Caller() caller: Principal): object {
    return {
      id: showId('usr', caller.id),
      tenant_id: showId('ten', caller.tenantId),
      permissions: [...caller.permissions].sort(),
    };
  }

  @Post('password')
  @HttpCode(204)
  @Permit('account:write')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Choose another password; every other session ends' })
  @ApiNoContentResponse()
  changePassword(@Caller() caller: Principal, @Body({ schema: PasswordChange }) body: PasswordChange): Promise<void> {
    return this.passwords.change(caller, body.current_password, body.new_password);
  }

  @Post('invitations/accept')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Choose a password with an invitation; it works once, and every session ends' })
  @ApiNoContentResponse()
  accept(@Body({ schema: Invitation }) { token, password }: Invitation): Promise<void> {
    return this.passwords.accept(token, password);
  }
}
