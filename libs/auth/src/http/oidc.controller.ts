import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, SerializeOptions } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Reply } from '#rest';
import { Public } from '../access.decorators.ts';
import { OidcSignIns } from '../oidc/oidc-sign-ins.service.ts';
import { TokenExchange } from '../oidc/token-exchange.ts';
import { clearingCookie, cookieOf, keepingCookie } from './attempt.cookie.ts';
import { SignInView } from './auth.schema.ts';
import { signInView } from './views.ts';
import { ExchangedView, ISSUED, TokenRequest } from './workload.schema.ts';

const ProviderName = z.strictObject({ provider: z.string().max(64) });
type ProviderName = z.infer<typeof ProviderName>;

interface BrowserRequest {
  url: string;
  headers: Record<string, string | undefined>;
}

@ApiTags('auth')
@Controller('auth')
export class OidcController {
  constructor(
    private readonly signIns: OidcSignIns,
    private readonly exchange: TokenExchange,
  ) {}

  @Get('oidc/:provider/start')
  @Public()
  @ApiOperation({ summary: 'Sign in with an identity provider: sends the browser there' })
  @ApiFoundResponse({ description: 'To the identity provider' })
  async start(
    @Param({ schema: ProviderName }) { provider }: ProviderName,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    const { url, sealed } = await this.signIns.begin(provider);
    reply.status(302).header('location', url.href).header('set-cookie', keepingCookie(sealed));
  }

  @Get('oidc/:provider/callback')
  @Public()
  @ApiOperation({ summary: 'Where an identity provider sends the browser back to, for tokens' })
  @ApiOkResponse({ standardSchema: SignInView })
  @SerializeOptions({ schema: SignInView })
  async callback(
    @Param({ schema: ProviderName }) { provider }: ProviderName,
    @Req() { url, headers }: BrowserRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    reply.header('set-cookie', clearingCookie());
    const came = { query, sealed: cookieOf(headers['cookie']), userAgent: headers['user-agent'] };
    return signInView(await this.signIns.finish(provider, came));
  }

  @Post('token')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Exchange the token of a workload for an access token (RFC 8693), as JSON or as a form' })
  @ApiOkResponse({ standardSchema: ExchangedView })
  @SerializeOptions({ schema: ExchangedView })
  async token(@Body({ schema: TokenRequest }) { client_id, subject_token }: TokenRequest): Promise<object> {
    const { accessToken, expiresIn } = await this.exchange.exchange(client_id, subject_token);
    return { access_token: accessToken, issued_token_type: ISSUED, token_type: 'Bearer', expires_in: expiresIn };
  }
}
