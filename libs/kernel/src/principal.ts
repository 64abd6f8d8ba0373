/** Who is calling, as far as rights go. The tenant comes from the credential, never from the request. */
export interface Principal {
  /** UUID of the user. */
  id: string;
  tenantId: string;
  permissions: ReadonlySet<string>;
  sessionId?: string;
}
