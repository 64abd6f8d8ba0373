import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'expected a name as Kubernetes has them');

export const maintenanceConfig = z.object({
  deployment: name
    .optional()
    .describe(
      'Kubernetes: the Deployment whose annotation maintenance=true begins maintenance; without it none is watched',
    ),
  config_map: name
    .optional()
    .describe('Kubernetes: the ConfigMap the settings come from, for `config show` to say what was edited since'),
  namespace: name.optional().describe('Kubernetes: its namespace; the default is that of the service account'),
  kubernetes_url: z
    .url({ protocol: /^https$/ })
    .default('https://kubernetes.default.svc')
    .describe('Kubernetes: address of the API server'),
  service_account_dir: z
    .string()
    .min(1)
    .default('/var/run/secrets/kubernetes.io/serviceaccount')
    .describe(
      'Kubernetes: folder with the files token, ca.crt and namespace of a service account that may get and watch it, and get the ConfigMap',
    ),
});
export type MaintenanceConfig = z.infer<typeof maintenanceConfig>;
