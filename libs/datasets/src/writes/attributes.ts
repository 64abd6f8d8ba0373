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
