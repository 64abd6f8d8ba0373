import { Controller, Get, Res, SerializeOptions } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#auth';
import { Vitals } from '../vitals.ts';
import { VaultVersion } from '../vault.version.ts';
import { DetailedHealthView, HealthView, LivenessView, ReadinessView } from './health.schema.ts';

/** For balancers, orchestrators and operators: exact bodies, also of failures, and no sign-in. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly vitals: Vitals,
    private readonly vault: VaultVersion,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Whether the vault works' })
  @ApiOkResponse({ standardSchema: HealthView })
  @ApiServiceUnavailableResponse({ description: 'The database or the storage is away', standardSchema: HealthView })
  @SerializeOptions({ schema: HealthView })
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const healthy = await this.vitals.canServe();
    if (!healthy) void reply.status(503);
    return { status: healthy ? 'healthy' : 'unhealthy' };
  }

  /** Touches nothing: a server that is restarted because its database is away comes back without a database. */
  @Get('live')
  @Public()
  @ApiOperation({ summary: 'Whether the process runs' })
  @ApiOkResponse({ standardSchema: LivenessView })
  @SerializeOptions({ schema: LivenessView })
  live(): object {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'Whether requests may be sent here now' })
  @ApiOkResponse({ standardSchema: ReadinessView })
  @ApiServiceUnavailableResponse({
    description: 'Starting, stopping, or the database or the storage is away',
    standardSchema: ReadinessView,
  })
  @SerializeOptions({ schema: ReadinessView })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const ready = await this.vitals.isReady();
    if (!ready) void reply.status(503);
    return { status: ready ? 'ready' : 'not_ready' };
  }

  /** 200 whatever it says: a report is not a probe. */
  @Get('detailed')
  @Public()
  @ApiOperation({ summary: 'How each part of the vault is' })
  @ApiOkResponse({ standardSchema: DetailedHealthView })
  @SerializeOptions({ schema: DetailedHealthView })
  async detailed(): Promise<DetailedHealthView> {
    const { status, components } = await this.vitals.report();
    const maintenance = components['maintenance']?.['active'] === true;
    return { status, version: this.vault.version, maintenance, components };
  }
}
