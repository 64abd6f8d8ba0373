import { FixedClock } from '#kernel';
import { AccessCache } from './access-cache.ts';
import type { AccessEpochs } from './access-epochs.ts';

function setUp() {
  const epochs = { number: 1, current: async () => epochs.number };
  const looks: { give: (holder: string | null) => void; fail: (error: Error) => void }[] = [];
  const load = () => new Promise<string | null>((give, fail) => looks.push({ give, fail }));
  const cache = new AccessCache<string>(epochs as unknown as AccessEpochs, new FixedClock(new Date(0)));
  const come = () => cache.holder('tenant', 'credential', load);
  const arrived = () => new Promise((next) => setImmediate(next));
  return { epochs, looks, come, arrived };
}

const refused = { code: 'unauthorized' };

describe('who holds a credential', () => {
  it('is looked up once for all who come with it at the same time', async () => {
    const { looks, come, arrived } = setUp();
    const all = [come(), come(), come()];
    await arrived();
    expect(looks).toHaveLength(1);
    looks[0]!.give('Ann');
    expect(await Promise.all([...all, come()])).toEqual(['Ann', 'Ann', 'Ann', 'Ann']);
    expect(looks).toHaveLength(1);
  });

  it('is looked up anew for whoever comes after a right was taken away, and what was seen before is not remembered', async () => {
    const { epochs, looks, come, arrived } = setUp();
    const before = come();
    await arrived();
    epochs.number = 2;
    const after = come();
    await arrived();
    looks[1]!.give(null);
    await expect(after).rejects.toMatchObject(refused);
    looks[0]!.give('Ann');
    expect(await before).toBe('Ann');
    const later = come();
    await arrived();
    looks[2]!.give(null);
    await expect(later).rejects.toMatchObject(refused);
  });

  it('is asked for again where nobody could say, or nobody was found', async () => {
    const { looks, come, arrived } = setUp();
    const lost = [come(), come()].map((each) => expect(each).rejects.toThrow('gone'));
    await arrived();
    looks[0]!.fail(new Error('gone'));
    await Promise.all(lost);
    const nobody = come();
    await arrived();
    looks[1]!.give(null);
    await expect(nobody).rejects.toMatchObject(refused);
    const found = come();
    await arrived();
    looks[2]!.give('Ann');
    expect(await found).toBe('Ann');
  });
});
