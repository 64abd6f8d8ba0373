import type { Issue } from '#kernel';

/** Where the value of a setting came from. */
export type SettingSource = 'environment' | 'secret file' | 'default' | `file ${string}`;

/** What has been read so far: for each setting by name the value of the topmost layer, and every mistake on the way. */
export class Layers {
  readonly mistakes: Issue[] = [];
  private readonly values = new Map<string, { value: unknown; source: SettingSource }>();
  private readonly broken = new Set<string>();
  /** Paths of the secret files that were read, by the names of their settings. */
  readonly files: Record<string, string> = {};

  /** Puts a value on top of what lower layers gave. */
  put(name: string, value: unknown, source: SettingSource): void {
    this.values.set(name, { value, source });
  }

  mistake(pointer: string, detail: string): void {
    this.mistakes.push({ pointer, detail });
    this.broken.add(pointer);
  }

  /** Was a mistake with this name told already? Then what follows from it is not told again. */
  isBroken(name: string): boolean {
    return this.broken.has(name);
  }

  value(name: string): unknown {
    return this.values.get(name)?.value;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  source(name: string): SettingSource {
    return this.values.get(name)?.source ?? 'default';
  }
}
