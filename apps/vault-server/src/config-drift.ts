import type { Environment } from '#config';
import { KubernetesApi, KubernetesRefused, type MaintenanceConfig } from '#maintenance';

/** What `kubectl apply` leaves behind: the object as its file had it. `kubectl edit` does not touch it. */
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const PATIENCE_MS = 5000;

interface ConfigMap {
  metadata?: { annotations?: Record<string, string> };
  data?: Record<string, string>;
}

/** How the ConfigMap of this server differs from its file, and this process from the ConfigMap. By name, without values. */
export interface ConfigDrift {
  config_map: string;
  /** Names that were changed since the file was applied, and that the next `kubectl apply` sets back; null when nobody applied it. */
  edited: string[] | null;
  /** Names whose value this process does not have yet: it takes a restart. */
  not_in_force: string[];
}

export interface DriftUnknown {
  config_map: string;
  error: string;
}

/** Null where the settings name no ConfigMap. Never throws: what cannot be asked is said. */
export async function configDrift(
  { config_map: name, namespace, kubernetes_url: url, service_account_dir: folder }: MaintenanceConfig,
  env: Environment,
): Promise<ConfigDrift | DriftUnknown | null> {
  if (!name) return null;
  try {
    const api = new KubernetesApi({ url, folder });
    const path = `/api/v1/namespaces/${namespace ?? (await api.namespace())}/configmaps/${name}`;
    const { metadata, data = {} } = (await api.get(path, AbortSignal.timeout(PATIENCE_MS))) as ConfigMap;
    const applied = metadata?.annotations?.[APPLIED];
    return {
      config_map: name,
      edited: applied === undefined ? null : differing((JSON.parse(applied) as ConfigMap).data ?? {}, data),
      not_in_force: Object.keys(data)
        .filter((key) => env[key] !== data[key])
        .toSorted(),
    };
  } catch (error) {
    return { config_map: name, error: error instanceof KubernetesRefused ? error.message : 'it cannot be asked for' };
  }
}

function differing(one: Record<string, string>, other: Record<string, string>): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]).toSorted();
}
