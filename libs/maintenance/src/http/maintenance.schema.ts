import { z } from 'zod';
import { text } from '#rest';

export const MaintenanceOrder = z
  .strictObject({
    enabled: z.boolean(),
    reason: text(500).min(1).describe('Why; it is in the audit, and shown to whoever asks how it is'),
  })
  .meta({ id: 'MaintenanceOrder', example: { enabled: true, reason: 'moving to a larger disk' } });
export type MaintenanceOrder = z.infer<typeof MaintenanceOrder>;

const SwitchView = z
  .object({
    source: z.enum(['operator', 'deployment-annotation']).describe('Each ends only what it has begun'),
    reason: z.string(),
    since: z.string(),
    by: z.string().nullable().describe('Id of the user; null where nobody in particular did it'),
  })
  .meta({ id: 'MaintenanceSwitch' });

export const MaintenanceView = z
  .object({
    enabled: z.boolean().describe('Whether writes are refused, here at once and on other replicas within two seconds'),
    wanted_by: z.array(SwitchView),
  })
  .meta({ id: 'Maintenance', example: { enabled: false, wanted_by: [] } });
