// backup: the whole vault at one moment, encrypted and signed, in a folder or a bucket; and back into an empty one.
export { BackupCreation } from './backup.creation.ts';
export type { BackupReport } from './backup.creation.ts';
export { BackupRun } from './backup-run.entity.ts';
export { BackupRuns } from './backup.runs.ts';
export {
  BackupAltered,
  BackupKeyMissing,
  BackupNotFound,
  BackupObjectsMissing,
  BackupTooNew,
} from './backup.errors.ts';
export { openBackupPlace } from './backup.place.ts';
export type { BackupPlace } from './backup.place.ts';
export { listBackups, OpenedBackup } from './opened.backup.ts';
export type { BackupSummary } from './opened.backup.ts';
export { BackupRestoration } from './backup.restoration.ts';
export type { Restored } from './backup.restoration.ts';
export { verifyBackup } from './backup.verification.ts';
export type { BackupVerdict } from './backup.verification.ts';
