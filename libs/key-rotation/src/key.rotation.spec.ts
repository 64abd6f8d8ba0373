import { Audit } from '#audit';
import {
  type KeyManagement,
  keyringFromMasterKey,
  KeyService,
  LocalKeyManagement,
  openSegment,
  randomToken,
  SigningKeys,
} from '#crypto';
import { SilentLog, SystemClock } from '#kernel';
import { keptSigningKeys, keptTenantKeys, keyEntities, objectsInMemory } from '../../../test/support/kept-keys.ts';
import { newTenant, storeDataset, type StoredDataset } from '../../../test/support/stored-dataset.ts';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { type Census, KeyCensus } from './key.census.ts';
import { KeyRewrapping, type Rewrapped } from './key.rewrapping.ts';

const [OLD, NEW] = [randomToken(32), randomToken(32)];
const kmsOf = (...keys: string[]): KeyManagement => new LocalKeyManagement(keyringFromMasterKey(keys.join(',')));

describe.each(programs)('keys on %s', (program) => {
  let place: TestDatabase;
  let tenantId: string;
  let stored: StoredDataset;
  const blobs = objectsInMemory();

  /** What a server has that was started with these root keys. */
  function started(...masterKeys: string[]) {
    const { database } = place;
    const kms = kmsOf(...masterKeys);
    const limits = { size: 100, ttlSeconds: 60 };
    const keys = new KeyService(kms, keptTenantKeys(database), limits, new SystemClock());
    const store = keptSigningKeys(database);
    const signing = new SigningKeys(kms, store);
    const tenants = async () => [{ id: tenantId }];
    return {
      keys,
      signing,
      kms,
      census: (): Promise<Census> => new KeyCensus(database, kms, store, tenants).take(),
      rewrap: (): Promise<Rewrapped> => new KeyRewrapping(database, keys, signing, new Audit(database), tenants).run(),
    };
  }
  /** Whether the segment opens with what its row says now. */
  async function opens({ keys }: ReturnType<typeof started>): Promise<number> {
    const [row] = await place.database.inTenant(tenantId, () =>
      place.database.query<Record<string, never>>('SELECT * FROM segments WHERE id = $1', [stored.segmentId]),
    );
    const at = { tenantId, datasetId: stored.datasetId, segmentId: stored.segmentId };
    const key = await keys.openSegmentKey(at, {
      tenantKeyVersion: row!['tenant_key_version']!,
      salt: row!['key_salt']!,
      wrapped: row!['key_wrapped']!,
      commitment: row!['key_commitment']!,
    });
    const blockCount = (row!['block_offsets']! as number[]).length - 1;
    const sealed = { ...at, key, noncePrefix: row!['nonce_prefix']!, blockCount };
    let records = 0;
    for (const block of openSegment(sealed, await blobs.get(stored.segmentId))) records += block.count;
    return records;
  }

  beforeAll(async () => {
    place = await openTestDatabase(program, keyEntities, new SilentLog());
    tenantId = await newTenant(place.database);
    const first = started(OLD);
    stored = await storeDataset({ database: place.database, blobs, keys: first.keys }, tenantId, [
      '{"n":1}',
      '{"n":2}',
    ]);
    await first.signing.current();
  });
  afterAll(() => place.close());

  it('a new tenant key takes over the keys of segments, which stay what they were', async () => {
    const server = started(OLD);
    expect((await server.census()).tenants[0]).toMatchObject({ versions: [{ version: 1, segments: 1 }] });
    await server.keys.rotateTenantKey(tenantId);
    expect(await server.rewrap()).toEqual({ tenant_keys: 0, signing_keys: 0, segments: 1 });
    expect((await server.census()).tenants[0]).toMatchObject({
      current_version: 2,
      versions: [
        { version: 1, segments: 0 },
        { version: 2, segments: 1 },
      ],
    });
    expect(await server.rewrap()).toEqual({ tenant_keys: 0, signing_keys: 0, segments: 0 });
    expect(await opens(started(OLD))).toBe(2);
  });

  it('a new root key takes over tenant keys and signing keys, and the old one may go', async () => {
    const signedBefore = Buffer.from((await started(OLD).signing.current()).publicKey);
    const server = started(NEW, OLD);
    expect(await server.rewrap()).toEqual({ tenant_keys: 2, signing_keys: 1, segments: 0 });
    const { root_keys: keys, current } = await server.census();
    expect(keys.find(({ id }) => id === current)).toMatchObject({ tenant_keys: 2, signing_keys: 1, here: true });
    expect(keys.find(({ id }) => id !== current)).toMatchObject({ tenant_keys: 0, here: true });

    const later = started(NEW);
    expect(await opens(later)).toBe(2);
    expect(signedBefore.equals((await later.signing.current()).publicKey)).toBe(true);
    await expect(opens(started(OLD))).rejects.toMatchObject({ code: 'key-unavailable' });
  });

  it('what was rewrapped is in the audit of the tenant', async () => {
    const rows = await place.database.inTenant(tenantId, () =>
      place.database.query(`SELECT details FROM audit_events WHERE action = 'key.rewrap' ORDER BY id`),
    );
    expect(rows).toEqual([{ details: { tenant_keys: 0, segments: 1 } }, { details: { tenant_keys: 2, segments: 0 } }]);
  });
});
