import { type DynamicModule, Module } from '@nestjs/common';
import { KeyManagement, KeyService, SigningKeys } from '#crypto';
import type { Platform } from '../platform.ts';

/** Keys, and who keeps the keys to them. */
@Module({})
export class CryptoModule {
  static forRoot({ kms, keys, signing }: Platform): DynamicModule {
    const providers = [
      { provide: KeyManagement, useValue: kms },
      { provide: KeyService, useValue: keys },
      { provide: SigningKeys, useValue: signing },
    ];
    return { module: CryptoModule, global: true, providers, exports: [KeyManagement, KeyService, SigningKeys] };
  }
}
