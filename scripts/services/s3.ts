import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startCluster } from './ceph.ts';
import { daemon, type Daemon, type Facts, freePort, run, until } from './processes.ts';

const REGION = 'us-east-1';
const BUCKET = 'vault';

/** A real S3 server: Ceph's RADOS gateway in front of one node that keeps all in memory; with keys and a bucket. */
export async function startS3(dir: string): Promise<Facts> {
  const port = await freePort();
  const cluster = await startCluster(dir, port);
  const accessKeyId = randomBytes(10).toString('hex').toUpperCase();
  const secretAccessKey = randomBytes(20).toString('hex');
  const account = [
    '--uid=vault',
    '--display-name=vault',
    `--access-key=${accessKeyId}`,
    `--secret-key=${secretAccessKey}`,
  ];
  await run('radosgw-admin', ['-n', 'client.rgw', 'user', 'create', ...account], { env: cluster.env });

  const what: Daemon = {
    dir,
    name: 'radosgw',
    command: 'radosgw',
    args: ['-n', 'client.rgw', '--foreground', '--no-mon-config'],
    env: cluster.env,
  };
  const child = daemon(what);
  const endpoint = `http://127.0.0.1:${port}`;
  await until(what, child, 60, async () => (await fetch(endpoint)).ok);

  const client = new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    // The gateway refuses the checksum trailers that the SDK sends by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  return {
    TEST_S3_ENDPOINT: endpoint,
    TEST_S3_BUCKET: BUCKET,
    TEST_S3_PID: String(child.pid),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: REGION,
  };
}
