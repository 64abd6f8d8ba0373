/** How much harm a value can do in the wrong hands, from none up. */
export const RISKS = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

/** Below this a finding says where somebody works or which machine it was; from here on it says who they are. */
export function isPersonal(risk: Risk): boolean {
  return RISKS.indexOf(risk) >= RISKS.indexOf('medium');
}
