/** One way of taking a value out of a text. Its output is never found again as the type it stands for. */
export interface Operator {
  name: string;
  description: string;
  /** Whether someone with the right key can bring the value back. */
  reversible: boolean;
  apply: (type: string, value: string, hashKey: Uint8Array) => string;
}
