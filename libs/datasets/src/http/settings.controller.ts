import { Body, Controller, Get, Param, Put, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Permit } from '#auth';
import type { Principal } from '#kernel';
import { SettingsService } from '../gates/settings.service.ts';
import { DatasetId } from './dataset.schema.ts';
import { gatesFrom } from './gate.schema.ts';
import { SettingsBody, settingsView, SettingsView } from './settings.schema.ts';

@ApiTags('datasets')
@ApiBearerAuth()
@Controller('datasets/:id/settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @Permit('dataset:read')
  @ApiOperation({ summary: 'The gates of a dataset: what a commit must be like to get onto a branch' })
  @ApiOkResponse({ standardSchema: SettingsView })
  @SerializeOptions({ schema: SettingsView })
  async get(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
  ): Promise<object> {
    return settingsView(await this.settings.get(caller, id));
  }

  @Put()
  @Permit('dataset:protect')
  @ApiOperation({ summary: 'Set the gates of a dataset: they hold for every commit, import and merge from then on' })
  @ApiOkResponse({ standardSchema: SettingsView })
  @SerializeOptions({ schema: SettingsView })
  async put(
    @Caller() caller: Principal,
    @Param({ schema: DatasetId }) { id }: z.infer<typeof DatasetId>,
    @Body({ schema: SettingsBody }) body: SettingsBody,
  ): Promise<object> {
    return settingsView(await this.settings.put(caller, id, gatesFrom(body.gates)));
  }
}
