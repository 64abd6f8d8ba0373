import { Controller, Get, Inject, SerializeOptions } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Permit } from '#auth';
import type { ShownSetting } from '../effective-settings.ts';

const SettingView = z
  .object({
    name: z.string(),
    value: z.string().nullable().describe('null where nothing is set, and (set) for a secret'),
    source: z.string().describe('Where the value comes from'),
  })
  .meta({ id: 'Setting' });
const SettingsView = z.object({ items: z.array(SettingView) }).meta({
  id: 'Settings',
  example: { items: [{ name: 'VAULT__PORT', value: '8080', source: 'default' }] },
});

/** What the server that answers was started with. */
export class ShownSettings {
  readonly items: readonly ShownSetting[];

  constructor(items: readonly ShownSetting[]) {
    this.items = items;
  }
}

@ApiTags('admin')
@ApiBearerAuth()
@Controller('admin/config')
export class SettingsController {
  constructor(@Inject(ShownSettings) private readonly settings: ShownSettings) {}

  @Get()
  @Permit('platform:config')
  @ApiOperation({ summary: 'What this server runs with and where each value comes from, without secrets' })
  @ApiOkResponse({ standardSchema: SettingsView })
  @SerializeOptions({ schema: SettingsView })
  get(): object {
    return { items: this.settings.items };
  }
}
