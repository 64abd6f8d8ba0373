/** Which version answers; a class, so that it can be asked for by type. */
export class VaultVersion {
  readonly version: string;

  constructor(version: string) {
    this.version = version;
  }
}
