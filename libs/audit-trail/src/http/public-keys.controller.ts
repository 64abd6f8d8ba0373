import { Controller, Get, SerializeOptions } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '#auth';
import { SigningKeys } from '#crypto';
import { publishedKeys } from '../published-keys.ts';
import { KeysView } from './audit.schema.ts';
import { keyView } from './views.ts';

@ApiTags('audit')
@Controller('.well-known')
export class PublicKeysController {
  constructor(private readonly signing: SigningKeys) {}

  @Get('ldv-keys')
  @Public()
  @ApiOperation({ summary: 'The public keys that verify what this vault has signed' })
  @ApiOkResponse({ standardSchema: KeysView })
  @SerializeOptions({ schema: KeysView })
  async keys(): Promise<object> {
    return { keys: (await publishedKeys(this.signing)).map(keyView) };
  }
}
