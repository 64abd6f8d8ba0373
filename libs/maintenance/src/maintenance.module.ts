import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { Database } from '#database';
import { Log, provided, providedBy } from '#kernel';
import { MaintenanceController } from './http/maintenance.controller.ts';
import { DeploymentWatcher } from './kubernetes/deployment.watcher.ts';
import { KubernetesApi } from './kubernetes/kubernetes.api.ts';
import type { MaintenanceConfig } from './maintenance.config.ts';
import { MaintenanceGuard } from './maintenance.guard.ts';
import { MaintenanceMode } from './maintenance.mode.ts';
import { MaintenanceSwitches } from './maintenance.switches.ts';

export interface MaintenanceOptions {
  /** Started already: the queue asks it before there is an application. */
  mode: MaintenanceMode;
  config: MaintenanceConfig;
  /** Routes that work all the same, see `MaintenanceGuard`. */
  exceptions: readonly string[];
}

/** The watcher of this server, where it has one. */
class Watchers {
  readonly watcher: DeploymentWatcher | null;

  constructor(watcher: DeploymentWatcher | null) {
    this.watcher = watcher;
  }
}

/** Refuses writes while there is maintenance, lets operators begin and end it, and follows the Deployment's annotation. */
@Module({})
export class MaintenanceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Watchers) private readonly watchers: Watchers,
    @Inject(MaintenanceMode) private readonly mode: MaintenanceMode,
  ) {}

  static forRoot({ mode, config, exceptions }: MaintenanceOptions): DynamicModule {
    return {
      module: MaintenanceModule,
      global: true,
      controllers: [MaintenanceController],
      providers: [
        { provide: MaintenanceMode, useValue: mode },
        provided(MaintenanceSwitches, [Database, Audit]),
        { provide: APP_GUARD, useValue: new MaintenanceGuard(mode, exceptions) },
        providedBy(Watchers, [MaintenanceSwitches, UserRepository, Log], (switches, users, log) => {
          const watch = { ...config, told: told(switches, mode, users), log };
          return new Watchers(watcherOf(watch));
        }),
      ],
      exports: [MaintenanceMode],
    };
  }

  onApplicationBootstrap(): void {
    this.watchers.watcher?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watchers.watcher?.stop();
    this.mode.stop();
  }
}

type Watch = MaintenanceConfig & { told: (maintenance: boolean) => Promise<void>; log: Log };

function watcherOf({ deployment, namespace, told: tell, log, ...place }: Watch): DeploymentWatcher | null {
  if (deployment === undefined) return null;
  const api = new KubernetesApi({ url: place.kubernetes_url, folder: place.service_account_dir });
  return new DeploymentWatcher({ api, deployment, namespace, told: tell, log });
}

/** What the annotation says, done in the name of the tenant that runs the vault. */
function told(switches: MaintenanceSwitches, mode: MaintenanceMode, users: UserRepository): Watch['told'] {
  return async (wanted) => {
    const source = 'deployment-annotation';
    await mode.look();
    if (mode.wantedBy.some((each) => each.source === source) === wanted) return;
    const [first] = await users.tenants();
    if (!first) return;
    const reason = wanted ? 'the Deployment is annotated maintenance=true' : 'the annotation was taken away';
    await switches[wanted ? 'on' : 'off']({ id: null, tenantId: first.id }, { source, reason });
    await mode.look();
  };
}
