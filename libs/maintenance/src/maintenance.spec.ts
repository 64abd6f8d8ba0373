import { Audit, AuditEvent } from '#audit';
import { Tenant } from '#auth';
import { Log, type LogFields, newId } from '#kernel';
import { holdTimers, untilSo } from '../../../test/support/held-timers.ts';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { MaintenanceInForce } from './maintenance.errors.ts';
import { MaintenanceGuard } from './maintenance.guard.ts';
import { MaintenanceMode } from './maintenance.mode.ts';
import { MaintenanceSwitch } from './maintenance-switch.entity.ts';
import { MaintenanceSwitches } from './maintenance.switches.ts';

class SpokenLog extends Log {
  readonly said: string[] = [];
  override debug(): void {}
  override info(): void {}
  override error(): void {}
  override warn({ reason }: LogFields, message: string): void {
    this.said.push(typeof reason === 'string' ? `${message} ${reason}` : message);
  }
}

describe.each(programs)('maintenance on %s', (program) => {
  let place: TestDatabase;
  let switches: MaintenanceSwitches;
  let log: SpokenLog;
  let mode: MaintenanceMode;
  const actor = { id: newId(), tenantId: newId() };

  beforeAll(async () => {
    place = await openTestDatabase(program, [Tenant, AuditEvent, MaintenanceSwitch]);
    const { database } = place;
    await database.inTenant(actor.tenantId, () =>
      database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1, 'default', 'Default')`, [actor.tenantId]),
    );
    switches = new MaintenanceSwitches(database, new Audit(database));
  });
  beforeEach(async () => {
    log = new SpokenLog();
    mode = new MaintenanceMode(place.database, log);
    await mode.start();
  });
  afterEach(() => mode.stop());
  afterAll(() => place.close());

  const operator = (reason: string) => ({ source: 'operator', reason }) as const;
  const annotation = (reason: string) => ({ source: 'deployment-annotation', reason }) as const;
  const audited = (): Promise<object[]> =>
    place.database.inTenant(actor.tenantId, () =>
      place.database.query('SELECT action, reason, details, actor_id FROM audit_events ORDER BY id'),
    );

  it('begins once however often it is asked for, with one audit row that says why', async () => {
    expect(await switches.on(actor, operator('a larger disk'))).toBe(true);
    expect(await switches.on(actor, operator('again'))).toBe(false);
    expect(await audited()).toEqual([
      { action: 'maintenance.begin', reason: 'a larger disk', details: { source: 'operator' }, actor_id: actor.id },
    ]);
    expect(await switches.off(actor, operator('done'))).toBe(true);
    expect(await switches.off(actor, operator('done'))).toBe(false);
    expect(await audited()).toHaveLength(2);
  });

  it('is known to a server that nobody told, as it looks each second, and said once in its log', async () => {
    holdTimers();
    const unasked = new MaintenanceMode(place.database, log);
    try {
      await unasked.start();
      await switches.on(actor, operator('a larger disk'));
      expect(unasked.isOn).toBe(false);
      jest.advanceTimersByTime(1000);
      await untilSo(() => unasked.isOn);
      await switches.off(actor, operator('done'));
      jest.advanceTimersByTime(1000);
      await untilSo(() => !unasked.isOn);
    } finally {
      unasked.stop();
      jest.useRealTimers();
    }
    expect(log.said).toEqual(['maintenance begins: writes are refused operator: a larger disk', 'maintenance is over']);
  });

  it('goes on until each source has ended what it began', async () => {
    await switches.on(actor, operator('by hand'));
    await switches.on(actor, annotation('annotated'));
    await switches.off(actor, operator('done'));
    await mode.look();
    expect(mode.wantedBy).toMatchObject([{ source: 'deployment-annotation', reason: 'annotated' }]);
    await switches.off(actor, annotation('gone'));
    await mode.look();
    expect(mode.isOn).toBe(false);
  });

  it('lets waiting work begin when it is over, or when the server stops', async () => {
    await switches.on(actor, operator('a larger disk'));
    await mode.look();
    const begun: string[] = [];
    const stopping = new AbortController();
    const first = mode.over(new AbortController().signal).then(() => begun.push('over'));
    const second = mode.over(stopping.signal).then(() => begun.push('stopped'));
    stopping.abort();
    await second;
    expect(begun).toEqual(['stopped']);
    await switches.off(actor, operator('done'));
    await mode.look();
    await first;
    expect(begun).toEqual(['stopped', 'over']);
  });

  it('refuses what is no read and no exception, and says when to come again', async () => {
    const guard = new MaintenanceGuard(mode, ['POST /login']);
    const asked = (method: string, url?: string): boolean =>
      guard.canActivate({
        switchToHttp: () => ({ getRequest: () => ({ method, routeOptions: { url } }) }),
      } as never);
    expect(asked('DELETE', '/things/:id')).toBe(true);
    await switches.on(actor, operator('a larger disk'));
    await mode.look();
    expect([asked('GET', '/things'), asked('HEAD', '/things'), asked('POST', '/login')]).toEqual([true, true, true]);
    for (const refused of [
      () => asked('POST', '/things'),
      () => asked('GET '.trim() + 'X', '/login'),
      () => asked('PUT'),
    ])
      expect(refused).toThrow(MaintenanceInForce);
    expect(new MaintenanceInForce().wireCode).toBe('MAINTENANCE');
    await switches.off(actor, operator('done'));
  });
});
