import { Body, Controller, Get, Put, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Permit } from '#auth';
import { type Principal, showId } from '#kernel';
import { MaintenanceMode } from '../maintenance.mode.ts';
import { MaintenanceSwitches } from '../maintenance.switches.ts';
import { MaintenanceOrder, MaintenanceView } from './maintenance.schema.ts';

@ApiTags('admin')
@ApiBearerAuth()
@Controller('admin/maintenance')
export class MaintenanceController {
  constructor(
    private readonly switches: MaintenanceSwitches,
    private readonly mode: MaintenanceMode,
  ) {}

  @Get()
  @Permit('platform:maintenance')
  @ApiOperation({ summary: 'Whether the vault is under maintenance, and who wants it' })
  @ApiOkResponse({ standardSchema: MaintenanceView })
  @SerializeOptions({ schema: MaintenanceView })
  async get(): Promise<object> {
    await this.mode.look();
    return this.view();
  }

  @Put()
  @Permit('platform:maintenance')
  @ApiOperation({
    summary: 'Begin or end maintenance: writes are refused, reads and sign-in go on; works during maintenance',
  })
  @ApiOkResponse({ standardSchema: MaintenanceView })
  @SerializeOptions({ schema: MaintenanceView })
  async set(
    @Caller() caller: Principal,
    @Body({ schema: MaintenanceOrder }) { enabled, reason }: MaintenanceOrder,
  ): Promise<object> {
    await this.switches[enabled ? 'on' : 'off'](caller, { source: 'operator', reason });
    await this.mode.look();
    return this.view();
  }

  private view(): object {
    const wantedBy = this.mode.wantedBy.map(({ source, reason, since, actorId }) => ({
      source,
      reason,
      since: since.toISOString(),
      by: actorId && showId('usr', actorId),
    }));
    return { enabled: this.mode.isOn, wanted_by: wantedBy };
  }
}
