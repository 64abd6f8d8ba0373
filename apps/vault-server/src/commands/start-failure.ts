import { SettingsInvalid } from '#config';
import { type Log, VaultError } from '#kernel';

/** Why the server does not start: one line for each mistake in the settings, by name and never with a value. */
export function logStartFailure(log: Log, error: unknown): void {
  if (error instanceof SettingsInvalid) {
    for (const { pointer, detail } of error.issues ?? []) {
      log.error(
        { event_type: 'settings', error: error.wireCode, setting: pointer, reason: detail },
        'a setting is wrong',
      );
    }
  } else if (error instanceof VaultError) {
    log.error({ event_type: 'process', error: error.wireCode, reason: error.message }, 'the server does not start');
  } else {
    log.error({ event_type: 'process', error: 'START_FAILED', err: error }, 'the server does not start');
  }
}
