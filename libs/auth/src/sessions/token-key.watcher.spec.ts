import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptLog } from '../../../../test/support/identity.ts';
import { TokenKeys } from './token-keys.ts';
import { TokenKeyWatcher } from './token-key.watcher.ts';

const [first, second, third] = ['1'.repeat(32), '2'.repeat(32), '3'.repeat(32)];

describe('the files of the secrets', () => {
  let folder: string;
  let current: string;
  let previous: string;
  let keys: TokenKeys;
  let log: KeptLog;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vault-secrets-'));
    [current, previous] = [join(folder, 'jwt'), join(folder, 'jwt-previous')];
    writeFileSync(current, `${first}\n`);
    writeFileSync(previous, '');
    keys = new TokenKeys(first);
    log = new KeptLog();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const watcher = (
    files: { current?: string; previous?: string },
    set = { current: first, previous: [] as string[] },
  ) => new TokenKeyWatcher(keys, files, set, log);
  const idOf = (secret: string): string => new TokenKeys(secret).current.id;

  it('that did not change change nothing', async () => {
    await watcher({ current, previous }).look();
    expect([keys.current.id, log.lines]).toEqual([idOf(first), []]);
  });

  it('that changed give another key, and end the one before', async () => {
    writeFileSync(current, `${second}\r\n`);
    await watcher({ current, previous }).look();
    expect(keys.current).toMatchObject({ id: idOf(second), secret: second });
    expect(keys.find(idOf(first))).toBeNull();
    expect(log.lines).toEqual([{ event_type: 'signing-key', key_id: idOf(second), count: 0 }]);
    expect(JSON.stringify(log.lines)).not.toContain(second);
  });

  it('may list earlier secrets, which are accepted and not used', async () => {
    writeFileSync(current, second);
    writeFileSync(previous, `${first}, ${third}\n`);
    await watcher({ current, previous }).look();
    expect(keys.current.secret).toBe(second);
    expect([first, third].map((secret) => keys.find(idOf(secret))?.secret)).toEqual([first, third]);
  });

  it('leave what was set otherwise as it was', async () => {
    writeFileSync(current, second);
    await watcher({ current }, { current: first, previous: [third] }).look();
    expect(keys.find(idOf(third))?.secret).toBe(third);
    writeFileSync(previous, third);
    await watcher({ previous }).look();
    expect(keys.current.secret).toBe(first);
  });

  it.each<[string, () => void, string]>([
    ['are away', () => rmSync(current), 'JWT_SECRET_ENOENT'],
    ['hold too little', () => writeFileSync(current, 'short'), 'JWT_SECRET_TOO_SHORT'],
    ['list too little', () => writeFileSync(previous, 'short'), 'JWT_SECRET_TOO_SHORT'],
  ])('that %s end nothing, and that is said once', async (_, spoil, error) => {
    const each = watcher({ current, previous });
    spoil();
    await each.look();
    await each.look();
    expect(keys.current.secret).toBe(first);
    expect(log.lines).toEqual([{ event_type: 'signing-key', error, key_id: idOf(first) }]);
    writeFileSync(current, first);
    writeFileSync(previous, '');
    await each.look();
    spoil();
    await each.look();
    expect(log.lines).toHaveLength(2);
  });

  it('are looked at by themselves, and only where there are any', async () => {
    const each = watcher({ current });
    each.start();
    writeFileSync(current, second);
    const deadline = Date.now() + 60_000;
    while (keys.current.secret !== second && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    each.stop();
    expect(keys.current.secret).toBe(second);
    watcher({}).start();
    watcher({}).stop();
  });
});
