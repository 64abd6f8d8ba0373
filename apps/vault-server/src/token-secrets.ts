import { join } from 'node:path';
import { type TokenKeys, TokenKeyWatcher } from '#auth';
import type { Log } from '#kernel';
import type { LoadedSettings } from '#config';
import type { Settings } from './settings.ts';

/** Looks after the files that the secrets of access tokens come from: a new one takes effect without a restart. */
export function watchTokenSecrets(
  { settings, files }: { settings: Settings; files: LoadedSettings<unknown>['files'] },
  keys: TokenKeys,
  log: Log,
): void {
  const { jwt_secret: secret, jwt_secret_previous: previous, data_dir: dataDir } = settings;
  const kept = secret === undefined ? join(dataDir, 'jwt-secret') : undefined;
  const watched = { current: files['VAULT__JWT_SECRET'] ?? kept, previous: files['VAULT__JWT_SECRET_PREVIOUS'] };
  new TokenKeyWatcher(keys, watched, { current: secret ?? keys.current.secret, previous }, log).start();
}
