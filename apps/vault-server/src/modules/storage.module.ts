import { type DynamicModule, Module } from '@nestjs/common';
import { BlobStore } from '#storage';

/** Where sealed objects are. */
@Module({})
export class StorageModule {
  static forRoot(blobs: BlobStore): DynamicModule {
    const providers = [{ provide: BlobStore, useValue: blobs }];
    return { module: StorageModule, global: true, providers, exports: [BlobStore] };
  }
}
