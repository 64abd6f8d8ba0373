import { FixedClock } from '#kernel';
import { LocalKeyManagement } from './adapters/local.key-management.ts';
import { MemoryTenantKeyStore } from './adapters/memory.tenant-key.store.ts';
import { KeyMismatch, KeyUnavailable } from './key.errors.ts';
import type { WrappedKey } from './key-management.ts';
import { newKey } from './key-material.ts';
import { KeyService } from './key.service.ts';
import { Keyring } from './keyring.ts';
import type { TenantKeyRow } from './tenant-key.store.ts';

class CountingKeyManagement extends LocalKeyManagement {
  unwraps = 0;
  override unwrap(wrapped: WrappedKey, context: Readonly<Record<string, string>>): Promise<Uint8Array> {
    this.unwraps += 1;
    return super.unwrap(wrapped, context);
  }
}

const place = { tenantId: 't1', datasetId: 'd1', segmentId: 's1' };
const clock = new FixedClock(new Date(0));
const root = newKey();

function serviceOf(store: MemoryTenantKeyStore, kms = new LocalKeyManagement(new Keyring([root]))): KeyService {
  return new KeyService(kms, store, { size: 10, ttlSeconds: 300 }, clock);
}

describe('the key service', () => {
  let store: MemoryTenantKeyStore;
  beforeEach(() => {
    store = new MemoryTenantKeyStore();
  });

  it('opens in a new process the segment key it wrapped in another', async () => {
    const { key, wrapped } = await serviceOf(store).newSegmentKey(place);
    expect(await serviceOf(store).openSegmentKey(place, wrapped)).toEqual(key);
  });

  it('gives every segment its own key', async () => {
    const service = serviceOf(store);
    const one = await service.newSegmentKey(place);
    const two = await service.newSegmentKey({ ...place, segmentId: 's2' });
    expect(one.key).not.toEqual(two.key);
  });

  it('gives keys in memory of their own, safe to transfer and to overwrite', async () => {
    const service = serviceOf(store);
    const { key, wrapped } = await service.newSegmentKey(place);
    const copy = key.slice();
    expect(key.buffer.byteLength).toBe(32);
    key.fill(0);
    const opened = await service.openSegmentKey(place, wrapped);
    expect(opened).toEqual(copy);
    expect(opened.buffer.byteLength).toBe(32);
  });

  it.each([
    ['tenant', { ...place, tenantId: 't2' }],
    ['dataset', { ...place, datasetId: 'd2' }],
    ['segment', { ...place, segmentId: 's2' }],
  ])('invariant 5: does not open the key of another %s', async (_name, elsewhere) => {
    const service = serviceOf(store);
    await service.newSegmentKey({ ...elsewhere, segmentId: 'any' });
    const { wrapped } = await service.newSegmentKey(place);
    await expect(service.openSegmentKey(elsewhere, wrapped)).rejects.toThrow(KeyMismatch);
  });

  it('invariant 5: notices an altered row also while the key is in memory', async () => {
    const service = serviceOf(store);
    const { wrapped } = await service.newSegmentKey(place);
    const commitment = wrapped.commitment.map((byte) => byte ^ 1);
    await expect(service.openSegmentKey(place, { ...wrapped, commitment })).rejects.toThrow(KeyMismatch);
  });

  it('has one tenant key when two processes make the first one at once', async () => {
    const services = [serviceOf(store), serviceOf(store), serviceOf(store)];
    const made = await Promise.all(services.map((service) => service.newSegmentKey(place)));
    const fresh = serviceOf(store);
    for (const { key, wrapped } of made) expect(await fresh.openSegmentKey(place, wrapped)).toEqual(key);
    const secrets = await Promise.all(services.map((service) => service.tenantSecret('t1', 'subject-index')));
    expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1);
  });

  it('asks the key management once for a thousand readers of a cold tenant', async () => {
    const { wrapped } = await serviceOf(store).newSegmentKey(place);
    const kms = new CountingKeyManagement(new Keyring([root]));
    const service = serviceOf(store, kms);
    await Promise.all(Array.from({ length: 1000 }, () => service.openSegmentKey(place, wrapped)));
    expect(kms.unwraps).toBe(1);
  });

  it('asks the key management again after it failed', async () => {
    const { key, wrapped } = await serviceOf(store).newSegmentKey(place);
    const kms = new CountingKeyManagement(new Keyring([root]));
    const service = serviceOf(store, kms);
    const unwrap = kms.unwrap.bind(kms);
    kms.unwrap = () => Promise.reject(new KeyUnavailable('rk'));
    await expect(service.openSegmentKey(place, wrapped)).rejects.toThrow(KeyUnavailable);
    kms.unwrap = unwrap;
    expect(await service.openSegmentKey(place, wrapped)).toEqual(key);
  });

  it('still serves keys in memory while the key management is away, until it forgets them', async () => {
    const kms = new LocalKeyManagement(new Keyring([root]));
    const service = serviceOf(store, kms);
    const { key, wrapped } = await service.newSegmentKey(place);
    kms.unwrap = () => Promise.reject(new KeyUnavailable('rk'));
    expect(await service.openSegmentKey(place, wrapped)).toEqual(key);
    service.close();
    await expect(service.openSegmentKey(place, wrapped)).rejects.toThrow(KeyUnavailable);
  });

  it('names the tenant key version that is not there', async () => {
    const { wrapped } = await serviceOf(store).newSegmentKey(place);
    const opening = serviceOf(new MemoryTenantKeyStore()).openSegmentKey(place, wrapped);
    await expect(opening).rejects.toThrow(KeyUnavailable);
    await expect(opening).rejects.toThrow('tenant t1 version 1');
  });

  it('forgets a segment key when told', async () => {
    const service = serviceOf(store);
    const { wrapped } = await service.newSegmentKey(place);
    service.forgetSegmentKey(place);
    const gone = { ...wrapped, wrapped: new Uint8Array(48) };
    await expect(service.openSegmentKey(place, gone)).rejects.toThrow(KeyMismatch);
  });
});

describe('rotation', () => {
  let store: MemoryTenantKeyStore;
  beforeEach(() => {
    store = new MemoryTenantKeyStore();
  });

  it('of a tenant key leaves old segments readable and seals new ones with the new key', async () => {
    const service = serviceOf(store);
    const old = await service.newSegmentKey(place);
    expect(await service.rotateTenantKey('t1')).toBe(2);
    const fresh = serviceOf(store);
    expect(await fresh.openSegmentKey(place, old.wrapped)).toEqual(old.key);
    expect((await fresh.newSegmentKey(place)).wrapped.tenantKeyVersion).toBe(2);
  });

  it('of a tenant key changes none of its secrets', async () => {
    const before = await serviceOf(store).tenantSecret('t1', 'subject-index');
    await serviceOf(store).rotateTenantKey('t1');
    await serviceOf(store).rotateTenantKey('t1');
    expect(await serviceOf(store).tenantSecret('t1', 'subject-index')).toEqual(before);
    expect(await serviceOf(store).tenantSecret('t1', 'pii-hash')).not.toEqual(before);
    expect(await serviceOf(store).tenantSecret('t2', 'subject-index')).not.toEqual(before);
  });

  it('of one tenant by two at once counts once', async () => {
    await serviceOf(store).newSegmentKey(place);
    const versions = await Promise.all([
      serviceOf(store).rotateTenantKey('t1'),
      serviceOf(store).rotateTenantKey('t1'),
    ]);
    expect(versions).toEqual([2, 2]);
    const { key, wrapped } = await serviceOf(store).newSegmentKey(place);
    expect(await serviceOf(store).openSegmentKey(place, wrapped)).toEqual(key);
  });

  it('is known to other processes within a second, and they do not ask for every key', async () => {
    class Counting extends MemoryTenantKeyStore {
      asked = 0;
      override current(tenantId: string): Promise<TenantKeyRow | null> {
        this.asked += 1;
        return super.current(tenantId);
      }
    }
    const shared = new Counting();
    const time = { ms: 0, now: () => new Date(time.ms) };
    const kms = new LocalKeyManagement(new Keyring([root]));
    const other = new KeyService(kms, shared, { size: 10, ttlSeconds: 300 }, time);
    const version = async () => (await other.newSegmentKey(place)).wrapped.tenantKeyVersion;
    expect(await version()).toBe(1);
    await serviceOf(shared).rotateTenantKey('t1');
    const { asked } = shared;
    time.ms = 999;
    await other.tenantSecret('t1', 'pii-hash');
    expect(await version()).toBe(1);
    expect(shared.asked).toBe(asked);
    time.ms = 1000;
    expect(await version()).toBe(2);
    await other.rotateTenantKey('t1');
    expect(await version()).toBe(3);
    await serviceOf(shared).rotateTenantKey('t1');
    time.ms = -1;
    expect(await version()).toBe(4);
  });

  it('rewraps a segment key to the current version without changing it', async () => {
    const service = serviceOf(store);
    const { key, wrapped } = await service.newSegmentKey(place);
    expect(await service.rewrapSegmentKey(place, wrapped)).toBeNull();
    await service.rotateTenantKey('t1');
    const rewrapped = await service.rewrapSegmentKey(place, wrapped);
    expect(rewrapped?.tenantKeyVersion).toBe(2);
    expect(rewrapped && (await serviceOf(store).openSegmentKey(place, rewrapped))).toEqual(key);
  });

  it('of the root key rewraps tenant keys, after which the old root key is not needed', async () => {
    const { key, wrapped } = await serviceOf(store).newSegmentKey(place);
    const secret = await serviceOf(store).tenantSecret('t1', 'pii-hash');
    const next = newKey();
    const both = serviceOf(store, new LocalKeyManagement(new Keyring([next, root])));
    const row = (await store.find('t1', 1)) as TenantKeyRow;
    const rewrapped = (await both.rewrapTenantKey(row)) as TenantKeyRow;
    expect(await both.rewrapTenantKey(rewrapped)).toBeNull();
    const moved = new MemoryTenantKeyStore();
    await moved.insert(rewrapped);
    const after = serviceOf(moved, new LocalKeyManagement(new Keyring([next])));
    expect(await after.openSegmentKey(place, wrapped)).toEqual(key);
    expect(await after.tenantSecret('t1', 'pii-hash')).toEqual(secret);
    const without = serviceOf(store, new LocalKeyManagement(new Keyring([next])));
    await expect(without.openSegmentKey(place, wrapped)).rejects.toThrow(KeyUnavailable);
  });

  it('invariant 5: a tenant key row does not open as another version or tenant', async () => {
    const { wrapped } = await serviceOf(store).newSegmentKey(place);
    const row = (await store.find('t1', 1)) as TenantKeyRow;
    const forged = new MemoryTenantKeyStore();
    await forged.insert({ ...row, version: 2 });
    await forged.insert({ ...row, tenantId: 't2', version: 1 });
    const service = serviceOf(forged);
    await expect(service.openSegmentKey(place, { ...wrapped, tenantKeyVersion: 2 })).rejects.toThrow(KeyMismatch);
    await expect(service.openSegmentKey({ ...place, tenantId: 't2' }, wrapped)).rejects.toThrow(KeyMismatch);
  });

  it('invariant 5: a secret copied from another tenant does not open', async () => {
    await serviceOf(store).newSegmentKey(place);
    await serviceOf(store).newSegmentKey({ ...place, tenantId: 't2' });
    const [one, two] = [(await store.find('t1', 1)) as TenantKeyRow, (await store.find('t2', 1)) as TenantKeyRow];
    const forged = new MemoryTenantKeyStore();
    await forged.insert({ ...one, secret: two.secret });
    await expect(serviceOf(forged).tenantSecret('t1', 'pii-hash')).rejects.toThrow(KeyMismatch);
  });

  describe('a secret of a user', () => {
    const whose = { tenantId: 't1', userId: 'u1', use: 'totp' } as const;

    it('opens in a new process, also after a rotation, and is stored under the tenant key alone', async () => {
      const secret = newKey();
      const service = serviceOf(store);
      const wrapped = await service.wrapUserSecret(whose, secret);
      await service.rotateTenantKey('t1');
      expect(await serviceOf(store).unwrapUserSecret(whose, wrapped)).toEqual(secret);
      expect(Buffer.from(wrapped.wrapped).includes(Buffer.from(secret))).toBe(false);
    });

    it.each([
      ['user', { ...whose, userId: 'u2' }],
      ['tenant', { ...whose, tenantId: 't2' }],
    ])('invariant 5: does not open for another %s', async (_, other) => {
      const service = serviceOf(store);
      await service.wrapUserSecret(other, newKey());
      const wrapped = await service.wrapUserSecret(whose, newKey());
      await expect(service.unwrapUserSecret(other, wrapped)).rejects.toBeInstanceOf(KeyMismatch);
    });

    it('does not open under a key that is not there', async () => {
      const service = serviceOf(store);
      const wrapped = await service.wrapUserSecret(whose, newKey());
      const missing = service.unwrapUserSecret(whose, { ...wrapped, tenantKeyVersion: 9 });
      await expect(missing).rejects.toBeInstanceOf(KeyUnavailable);
    });
  });
});
