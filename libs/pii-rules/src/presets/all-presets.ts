import { ccpa } from './ccpa.ts';
import { gdpr } from './gdpr.ts';
import { hipaa } from './hipaa.ts';
import { pciDss } from './pci-dss.ts';
import type { Preset } from './preset.ts';
import { soc2 } from './soc2.ts';

/** Every policy of the product. A new one is a file and a line here. */
export const presets: readonly Preset[] = [gdpr, hipaa, pciDss, ccpa, soc2];

export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
