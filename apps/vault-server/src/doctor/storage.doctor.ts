import { createBlobStore } from '#storage';
import { type Examine, findingsOn, reasonOf } from './finding.ts';

const { fine, wrong } = findingsOn('storage');

/** Whether the store answers and can be listed. Nothing is written: among the objects is nothing but objects. */
export const examineStorage: Examine = async ({ loaded: { settings } }) => {
  const { backend, s3 } = settings.storage;
  const what =
    backend === 's3' ? `the bucket ${s3.bucket ?? ''}${s3.endpoint ? ` at ${s3.endpoint}` : ''}` : `the ${backend}`;
  try {
    const store = await createBlobStore(settings.storage, settings.data_dir);
    await store.ping();
    for await (const _ of store.list('')) break;
    return [fine(`${what} answers, and can be listed`)];
  } catch (error) {
    const run =
      backend === 's3'
        ? 'check VAULT__STORAGE__S3__BUCKET, _REGION and _ENDPOINT and the AWS credentials, then: vault-server check storage'
        : 'check that the folder is there and belongs to the user of the server';
    return [wrong(`${what} cannot be used: ${reasonOf(error)}`, run)];
  }
};
