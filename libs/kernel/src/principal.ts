/** Who is calling, as far as rights go. The tenant comes from the credential, never from the request. */
export interface Principal {
  /** UUID of the user. */
  id: string;
  tenantId: string;
  permissions: ReadonlySet<string>;
  /** The session the user speaks through; there is none where an API key is used. */
  sessionId?: string;
  apiKeyId?: string;
  /** The only datasets this credential reaches; all of them when there is no such list. */
  datasetIds?: ReadonlySet<string>;
}
