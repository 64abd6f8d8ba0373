import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { daemon, type Daemon, freePort, run, until } from './processes.ts';

export interface Cluster {
  /** What every Ceph program needs to find the cluster. */
  env: Record<string, string>;
}

/** Who may do what inside of the cluster. */
const ACCOUNTS: Record<string, Record<string, string>> = {
  'mon.': { mon: 'allow *' },
  'client.admin': { mon: 'allow *', mgr: 'allow *', osd: 'allow *' },
  'mgr.x': { mon: 'allow profile mgr', osd: 'allow *', mds: 'allow *' },
  'osd.0': { mon: 'allow profile osd', mgr: 'allow profile osd', osd: 'allow *' },
  'client.rgw': { mon: 'allow rw', mgr: 'allow rw', osd: 'allow rwx' },
};

/** One monitor, one manager and one object store in memory: enough for the gateway, which will listen on `s3Port`. */
export async function startCluster(dir: string, s3Port: number): Promise<Cluster> {
  for (const part of ['mon', 'mgr', 'osd', 'run', 'rgw']) mkdirSync(join(dir, part), { recursive: true });
  chmodSync(dir, 0o700);
  const cluster: Cluster = { env: { CEPH_CONF: join(dir, 'ceph.conf') } };
  const fsid = randomUUID();
  const monitor = `v2:127.0.0.1:${await freePort()}`;
  writeFileSync(join(dir, 'ceph.conf'), configuration(dir, fsid, monitor, s3Port));

  await makeKeyring(dir, cluster);
  await startMonitor(dir, cluster, fsid, monitor);
  daemon({ dir, name: 'mgr', command: 'ceph-mgr', args: ['-i', 'x', '-f', '--no-mon-config'], env: cluster.env });
  await startObjectStore(dir, cluster);
  return cluster;
}

async function makeKeyring(dir: string, { env }: Cluster): Promise<void> {
  const keyring = join(dir, 'keyring');
  for (const [index, [name, rights]] of Object.entries(ACCOUNTS).entries()) {
    const caps = Object.entries(rights).flatMap(([service, right]) => ['--cap', service, right]);
    const create = index === 0 ? ['--create-keyring'] : [];
    await run('ceph-authtool', [...create, keyring, '--gen-key', '-n', name, ...caps], { env });
  }
}

async function startMonitor(dir: string, { env }: Cluster, fsid: string, address: string): Promise<void> {
  const [map, keyring] = [join(dir, 'monmap'), join(dir, 'keyring')];
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[${address}]`, map], { env });
  // The monitor takes every account in this keyring into its own list when it first runs.
  await run('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring], { env });
  const what: Daemon = { dir, name: 'mon', command: 'ceph-mon', args: ['-i', 'a', '-f', '--no-mon-config'], env };
  await until(what, daemon(what), 30, async () => {
    await run('ceph', ['--connect-timeout', '3', 'auth', 'get', 'client.rgw'], { env });
    return true;
  });
}

async function startObjectStore(dir: string, { env }: Cluster): Promise<void> {
  const id = randomUUID();
  const ceph = (...args: string[]): Promise<string> => run('ceph', ['--connect-timeout', '20', ...args], { env });
  await ceph('osd', 'new', id, '0');
  await run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', id, '--no-mon-config'], { env });
  const what: Daemon = { dir, name: 'osd', command: 'ceph-osd', args: ['-i', '0', '-f', '--no-mon-config'], env };
  const child = daemon(what);
  await ceph('osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost');
  await until(what, child, 30, async () => (await ceph('osd', 'stat', '-f', 'json')).includes('"num_up_osds":1'));
}

/**
 * One copy of everything, few placement groups, no warnings about what one node cannot have anyway. The monitor gathers
 * changes for a second before it agrees with itself; the gateway makes nine pools, so that would be nine seconds.
 */
function configuration(dir: string, fsid: string, monitor: string, s3Port: number): string {
  return `[global]
fsid = ${fsid}
mon host = [${monitor}]
mon initial members = a
public addr = 127.0.0.1
ms bind ipv6 = false
keyring = ${dir}/keyring
run dir = ${dir}/run
crash dir = ${dir}/run
admin socket = ${dir}/run/$name.asok
log file = ${dir}/run/$name.log
mon cluster log file = ${dir}/run/cluster.log
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
paxos propose interval = 0.05
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon pg warn min per osd = 0
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
[mon]
mon data = ${dir}/mon
[mgr]
mgr data = ${dir}/mgr
mgr initial modules =
[osd]
osd data = ${dir}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[client.rgw]
rgw data = ${dir}/rgw
rgw frontends = beast endpoint=127.0.0.1:${s3Port} tcp_nodelay=1
rgw thread pool size = 32
rgw dns name = localhost
rgw enable usage log = false
`;
}
