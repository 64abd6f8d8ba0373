import { Body, Controller, Delete, Get, HttpCode, Param, Post, SerializeOptions } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type Principal, showId } from '#kernel';
import { Caller, Permit } from '../access.decorators.ts';
import { Authority } from '../roles/authority.ts';
import { SecondFactorsService } from '../second-factor/second-factors.service.ts';
import { Code, EnrolmentView, RecoveryCodesView, SecondFactorView } from './auth.schema.ts';
import { UserId } from './user.schema.ts';

@ApiTags('auth')
@ApiBearerAuth()
@Controller()
export class SecondFactorController {
  constructor(
    private readonly secondFactors: SecondFactorsService,
    private readonly authority: Authority,
  ) {}

  @Get('auth/second-factor')
  @Permit('account:read')
  @ApiOperation({ summary: 'Whether the own sign-in takes a code, and how many recovery codes are left' })
  @ApiOkResponse({ standardSchema: SecondFactorView })
  @SerializeOptions({ schema: SecondFactorView })
  async show(@Caller() caller: Principal): Promise<object> {
    const left = await this.secondFactors.recoveryCodesLeft(caller);
    return { enabled: left !== null, recovery_codes_left: left ?? 0 };
  }

  @Post('auth/second-factor')
  @Permit('account:write')
  @ApiOperation({ summary: 'Make a secret for an authenticator app; it counts once it was confirmed' })
  @ApiCreatedResponse({ standardSchema: EnrolmentView })
  @SerializeOptions({ schema: EnrolmentView })
  async enrol(@Caller() caller: Principal): Promise<object> {
    const { secret, uri } = await this.secondFactors.enrol(caller);
    return { secret, otpauth_uri: uri };
  }

  @Post('auth/second-factor/confirm')
  @HttpCode(200)
  @Permit('account:write')
  @ApiOperation({ summary: 'Show by a first code that the app works, and get the recovery codes' })
  @ApiOkResponse({ standardSchema: RecoveryCodesView })
  @SerializeOptions({ schema: RecoveryCodesView })
  async confirm(@Caller() caller: Principal, @Body({ schema: Code }) { code }: Code): Promise<object> {
    return { recovery_codes: await this.secondFactors.confirm(caller, code) };
  }

  @Post('auth/second-factor/remove')
  @HttpCode(204)
  @Permit('account:write')
  @ApiOperation({ summary: 'Sign in without a code from now on; takes a last one' })
  @ApiNoContentResponse()
  remove(@Caller() caller: Principal, @Body({ schema: Code }) { code }: Code): Promise<void> {
    return this.secondFactors.remove(caller, code);
  }

  @Delete('users/:id/second-factor')
  @HttpCode(204)
  @Permit('user:write')
  @ApiTags('access')
  @ApiOperation({ summary: 'Take the second factor of a user away who has lost it' })
  @ApiNoContentResponse()
  async reset(@Caller() caller: Principal, @Param({ schema: UserId }) { id }: UserId): Promise<void> {
    await this.authority.overUser(caller, id, showId('usr', id));
    await this.secondFactors.reset(caller, id);
  }
}
