import { isPersonal, PiiScanner } from '#pii';
import { ReasonPersonal } from './pii-rules.errors.ts';

/** Reasons are kept in plain sight: whoever says why a value is no personal data tends to say the value. */
export class PlainReasons {
  private readonly scanner: PiiScanner;

  constructor(minConfidence: number) {
    this.scanner = new PiiScanner({ minConfidence });
  }

  /** @throws ReasonPersonal */
  mustBePlain(text: string, pointer = '/reason'): void {
    const found = this.scanner.scanText(text).some(({ risk }) => isPersonal(risk));
    if (found) {
      const issues = [{ pointer, detail: 'Expected words without personal data' }];
      throw new ReasonPersonal().with({ issues });
    }
  }
}
