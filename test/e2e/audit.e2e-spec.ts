// The record of who did what: written with the change, sealed, and verified where no server is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { databaseConfig, openDatabase } from '#database';
import { SilentLog } from '#kernel';
import { onServices } from '../support/backing.ts';
import { untilSo } from '../support/held-timers.ts';
import { startVault, type Vault } from '../support/vault.ts';

interface Event {
  id: string;
  action: string;
  resource: string;
  result: string;
  actor: string | null;
  request_id: string | null;
  seq: number | null;
  details: Record<string, unknown>;
}
interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
interface Verification {
  ok: boolean;
  entries: number;
  checkpoints: number;
  anchored: number | null;
  first_bad_seq: number | null;
}

const LDV = resolve('dist/bundle/ldv.js');
const SOON = { VAULT__AUDIT__CHECKPOINT_SECONDS: '1' };

function run(main: string, args: string[], env: Record<string, string> = {}): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  return { status, out: stdout + stderr };
}

describe('the audit', () => {
  let vault: Vault;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vault-audit-'));
    vault = await startVault({ env: SOON });
  });
  afterAll(async () => {
    await vault.remove();
    rmSync(folder, { recursive: true });
  });

  const events = async (query = ''): Promise<Event[]> =>
    (await vault.get<Page<Event>>(`/audit/events?limit=100${query}`)).body.items;

  /** Does something to the database as its owner, beside the server or, where only one may, between two of them. */
  async function asOwner(sql: string): Promise<void> {
    if (onServices) {
      const url = Object.assign(new URL(process.env['TEST_DATABASE_SUPERUSER_URL']!), {
        pathname: new URL(vault.backing.databaseUrl!).pathname,
      });
      const client = new Client({ connectionString: url.href });
      await client.connect();
      await client.query(sql);
      await client.end();
      return;
    }
    await vault.stop();
    const opened = await openDatabase(databaseConfig.parse({}), vault.backing.dataDir, [], new SilentLog());
    await opened.statement(sql);
    await opened.close();
    vault = await startVault({ on: vault.backing, env: SOON });
  }

  /** The right to add audit rows, of the role the server acts as, whether that is the owner or the one made for it. */
  function rights(verb: string, preposition: string): string {
    const owner = new URL(vault.backing.databaseUrl!).username;
    return `${verb} INSERT ON audit_events ${preposition} "${owner}";
      DO $$ BEGIN ${verb} INSERT ON audit_events ${preposition} vault_app;
      EXCEPTION WHEN undefined_object THEN NULL; END $$`;
  }

  it('tells who did what to what, and finds it by each of them', async () => {
    const { body: me } = await vault.get<{ id: string }>('/auth/me');
    const headers = { 'x-request-id': 'the-first-one' };
    const { body: dataset } = await vault.post<{ id: string }>('/datasets', { name: 'audited' }, { headers });
    await vault.importLines(dataset.id, '{"text":"one"}\n');
    await vault.get(`/datasets/${dataset.id}/export`);
    const found = await events(`&resource=${dataset.id}`);
    expect(found.map(({ action }) => action)).toEqual([
      'dataset.export',
      'dataset.import',
      'commit.create',
      'dataset.create',
    ]);
    expect(found.at(-1)).toMatchObject({ actor: me.id, result: 'allowed', request_id: 'the-first-one' });
    expect(await events(`&actor=${me.id}&action=dataset.export`)).toMatchObject([{ resource: dataset.id }]);
    expect(await events('&from=2100-01-01T00:00:00Z')).toEqual([]);
    expect((await vault.get('/audit/events?actor=usr_x')).status).toBe(422);
    expect((await vault.get('/audit/events?cursor=x')).body).toMatchObject({ code: 'BAD_CURSOR' });
  });

  it('tells who tried to sign in and failed, and who read the audit', async () => {
    await vault.post('/auth/login', { email: 'admin@example.org', password: 'wrong' }, { token: null });
    expect((await events('&result=denied')).map(({ action }) => action)).toContain('auth.sign-in');
    await vault.get('/audit/checkpoints');
    await vault.get('/audit/verify');
    const read = await events();
    for (const action of ['audit.read', 'audit.checkpoints', 'audit.verify']) {
      expect(read.map((event) => event.action)).toContain(action);
    }
  });

  it('tells who was refused, what it was and why, also to the log', async () => {
    const who = { email: 'nora@example.org', password: 'seven quiet rivers run at night' };
    const made = await vault.post<{ id: string }>('/users', { ...who, roles: [] });
    expect(made.status).toBe(201);
    const token = await vault.signIn(who);
    expect((await vault.post('/datasets', { name: 'not hers' }, { token })).status).toBe(403);
    expect((await vault.get('/audit/events', { token })).status).toBe(403);
    const denied = {
      action: 'dataset:write',
      resource: 'POST /api/v1/datasets',
      result: 'denied',
      actor: made.body.id,
    };
    expect(await events('&action=dataset:write')).toEqual([
      expect.objectContaining({ ...denied, reason: 'the permission is missing' }),
    ]);
    const said = await vault.logged(({ action, actor }) => action === denied.action && actor === denied.actor);
    expect(said).toMatchObject({ event_type: 'authorization', ...denied });
  });

  it('holds no e-mail address and nothing that was sent', async () => {
    const text = (await vault.get('/audit/export')).text;
    expect(text).not.toContain('@');
    expect(text).not.toContain('"one"');
  });

  it('is sealed, signed and anchored by itself', async () => {
    await vault.until<Page<{ count: number }>>('/audit/checkpoints', ({ body }) => body.items.length > 0);
    const { body } = await vault.until<Verification>('/audit/verify', (answer) => (answer.body.anchored ?? 0) > 0);
    expect(body).toMatchObject({ ok: true, first_bad_seq: null });
    await vault.until<Page<Event>>(
      '/audit/events?action=dataset.export',
      (answer) => answer.body.items[0]?.seq !== null,
    );
  });

  it('invariant 4: a change whose audit row cannot be written does not happen, and says so', async () => {
    await asOwner(
      onServices
        ? rights('REVOKE', 'FROM')
        : `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
           CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW
             WHEN (NEW.action IN ('dataset.create', 'record.list')) EXECUTE FUNCTION refuse()`,
    );
    const { body: datasets } = await vault.get<Page<{ id: string }>>('/datasets');
    const created = await vault.post('/datasets', { name: 'never' });
    const read = await vault.get(`/datasets/${datasets.items[0]!.id}/records`);
    await asOwner(onServices ? rights('GRANT', 'TO') : 'DROP TRIGGER refuse ON audit_events; DROP FUNCTION refuse()');
    for (const refused of [created, read]) {
      expect([refused.status, refused.body['code']]).toEqual([503, 'AUDIT_UNAVAILABLE']);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    const { text } = await vault.get('/datasets?limit=100');
    expect(text).not.toContain('never');
    expect((await vault.get<Verification>('/audit/verify')).body.ok).toBe(true);
  });

  describe('taken to a laptop', () => {
    let bundle: string;
    let key: string;
    let lines: string[];
    const verify = (content: string | Buffer, ...more: string[]): { status: number | null; out: string } => {
      const file = join(folder, 'changed.jsonl');
      writeFileSync(file, content);
      return run(LDV, ['audit', 'verify', file, '--key', key, ...more]);
    };
    const changed = (change: (all: string[]) => string[]): string => `${change([...lines]).join('\n')}\n`;

    beforeAll(async () => {
      bundle = join(folder, 'bundle.jsonl');
      key = join(folder, 'keys.json');
      writeFileSync(key, (await vault.get('/.well-known/ldv-keys', { token: null })).text);
      const answer = await vault.get('/audit/export');
      expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
      writeFileSync(bundle, answer.text);
      lines = answer.text.trimEnd().split('\n');
    });
    const indexOf = (seq: number): number => lines.findIndex((line) => line.startsWith(`{"seq":${seq},`));

    it('is whole, as a file, packed, and from the standard input', () => {
      const { status, out } = run(LDV, ['audit', 'verify', bundle, '--key', key]);
      expect([status, out]).toEqual([0, expect.stringContaining('whole: entries 1 to')]);
      expect(verify(gzipSync(readFileSync(bundle))).status).toBe(0);
      expect(JSON.parse(verify(readFileSync(bundle), '--json').out)).toMatchObject({ ok: true, first: 1 });
    });

    it('is verified with a PEM file as well', () => {
      const { keys } = JSON.parse(readFileSync(key, 'utf8')) as { keys: { public_key: string }[] };
      const pem = join(folder, 'pub.pem');
      writeFileSync(pem, keys[0]!.public_key);
      expect(run(LDV, ['audit', 'verify', bundle, '--key', pem]).status).toBe(0);
    });

    it.each([
      ['a flipped byte', (all: string[], i: number) => all.with(i, all[i]!.replace('"action":"', '"action":"X'))],
      ['a dropped line', (all: string[], i: number) => all.toSpliced(i, 1)],
      ['a doubled line', (all: string[], i: number) => all.toSpliced(i, 0, all[i]!)],
      ['swapped lines', (all: string[], i: number) => all.with(i, all[i + 1]!).with(i + 1, all[i]!)],
      ['a cut line', (all: string[], i: number) => all.with(i, all[i]!.slice(0, 40))],
    ])('names the entry of %s', (_, change) => {
      const { status, out } = verify(
        changed((all) => change(all, indexOf(3))),
        '--json',
      );
      expect([status, JSON.parse(out)]).toEqual([1, expect.objectContaining({ ok: false, first_bad_seq: 3 })]);
      expect(verify(changed((all) => change(all, indexOf(3)))).out).toMatch(/^NOT WHOLE: entry 3 /);
    });

    it('names the entry where the end was cut off, also of a packed file', () => {
      const last = Math.max(...lines.flatMap((line) => Number(/^\{"seq":(\d+)/.exec(line)?.[1] ?? 0)));
      const cut = changed((all) => all.slice(0, indexOf(last)));
      expect(JSON.parse(verify(cut, '--json').out)).toMatchObject({ problem: 'truncated', first_bad_seq: last });
      const packed = gzipSync(readFileSync(bundle));
      const torn = verify(packed.subarray(0, packed.length - 20));
      expect([torn.status, torn.out]).toEqual([1, expect.stringMatching(/^NOT WHOLE/)]);
    });

    it('is not believed when it cannot be checked', () => {
      const empty = join(folder, 'empty.pem');
      writeFileSync(empty, '');
      expect(run(LDV, ['audit', 'verify', bundle, '--key', empty]).status).toBe(2);
      expect(run(LDV, ['audit', 'verify', join(folder, 'nothing'), '--key', key]).status).toBe(2);
      expect(verify('').status).toBe(1);
    });
  });

  it('invariant 8: is one chain when two servers write and seal it', async () => {
    if (!onServices) return expect((await vault.get<Verification>('/audit/verify')).body.ok).toBe(true);
    const other = await startVault({ on: vault.backing, env: SOON });
    const made = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? vault : other).newDataset()));
    const { body } = await other.get<Verification>('/audit/verify');
    expect(body).toMatchObject({ ok: true });
    const { text } = await vault.get('/audit/export');
    for (const id of made) expect(text.split(`"action":"dataset.create","resource":"${id}"`)).toHaveLength(2);
    await other.stop();
  });

  it('invariant 2: is whole after kill -9, with everything that was acknowledged', async () => {
    const ids: string[] = [];
    const writing = (async () => {
      for (;;) ids.push(await vault.newDataset());
    })();
    writing.catch(() => undefined);
    // Long enough for the chain to be sealed meanwhile, which is begun each second.
    await delay(1500);
    await untilSo(() => ids.length > 20);
    await vault.stop('SIGKILL');
    await writing.catch(() => undefined);
    vault = await startVault({ on: vault.backing, env: SOON });
    const { body } = await vault.get<Verification>('/audit/verify');
    expect(body).toMatchObject({ ok: true });
    const { text } = await vault.get('/audit/export');
    expect(ids.filter((id) => !text.includes(`"action":"dataset.create","resource":"${id}"`))).toEqual([]);
    expect(ids.length).toBeGreaterThan(20);
  });
});
