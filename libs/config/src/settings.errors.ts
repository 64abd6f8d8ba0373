import { defineError, type Issue } from '#kernel';

/** `issues` holds the same mistakes one by one: `pointer` is the operator's name for the setting. */
export const SettingsInvalid = defineError('settings-invalid', 'internal', (mistakes: readonly Issue[]) => {
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  return [`${count} in the settings:`, ...mistakes.map(({ pointer, detail }) => `  ${pointer}: ${detail}`)].join('\n');
});
