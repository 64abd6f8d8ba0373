/** What is said of a record beside its content. It lies in the database in plain sight, so that it can be filtered by. */
export interface Attributes {
  externalId: string | null;
  labels: string[] | null;
  split: string | null;
  source: string | null;
  license: string | null;
  language: string | null;
  metadata: Record<string, string | number | boolean> | null;
}

/** As many characters as each of them may have; of labels, and of metadata, how many there may be, too. */
export const MOST_SAID = {
  externalId: 255,
  split: 64,
  source: 500,
  license: 100,
  language: 35,
  labels: { each: 100, count: 32 },
  metadata: { name: 64, text: 256, count: 32 },
} as const;

/** Without controls, and halves of surrogate pairs, which would come back altered. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text);
}

export const NO_ATTRIBUTES: Attributes = {
  externalId: null,
  labels: null,
  split: null,
  source: null,
  license: null,
  language: null,
  metadata: null,
};

export function attributesOf(from: Attributes): Attributes {
  const { externalId, labels, split, source, license, language, metadata } = from;
  return { externalId, labels, split, source, license, language, metadata };
}

/** As they are sent, for the scan: null when nothing is said. */
export function attributesJson(attributes: Attributes): string | null {
  const { externalId: external_id, ...rest } = attributes;
  const said = Object.entries({ external_id, ...rest }).filter(([, value]) => value !== null);
  return said.length > 0 ? JSON.stringify(Object.fromEntries(said)) : null;
}
