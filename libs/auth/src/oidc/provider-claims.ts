/** What is made of the claims of an identity provider. */
export interface ClaimRules {
  /** Whose people are let in, by the domain of their verified address. */
  emailDomains: readonly string[];
  rolesClaim: string;
  /** `group=role`. */
  roles: readonly string[];
}

/** Somebody, as far as an identity provider vouches for them. */
export interface Vouched {
  issuer: string;
  subject: string;
  /** Verified, and of a domain that is let in; null for any other. */
  email: string | null;
  /** Null where the provider says nothing of roles, or nobody has said what that would mean. */
  roles: string[] | null;
}

/** Reads claims as strictly as they may be: what is not of the right form is not there. */
export function vouched(claims: Record<string, unknown>, rules: ClaimRules): Vouched {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') throw new Error('an ID token without issuer and subject');
  return { issuer: iss, subject: sub, email: emailOf(claims, rules), roles: rolesOf(claims, rules) };
}

function emailOf(
  { email, email_verified: verified }: Record<string, unknown>,
  { emailDomains }: ClaimRules,
): string | null {
  if (typeof email !== 'string' || verified !== true || !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email)) return null;
  const domain = email.slice(email.indexOf('@') + 1).toLowerCase();
  return emailDomains.some((each) => each.toLowerCase() === domain) ? email : null;
}

function rolesOf(claims: Record<string, unknown>, { rolesClaim, roles }: ClaimRules): string[] | null {
  if (roles.length === 0) return null;
  const claim = claims[rolesClaim];
  const groups: unknown[] = Array.isArray(claim) ? claim : [claim];
  const pairs = roles.map((pair) => [pair.slice(0, pair.lastIndexOf('=')), pair.slice(pair.lastIndexOf('=') + 1)]);
  return [...new Set(pairs.filter(([group]) => groups.includes(group)).map(([, role]) => role!))];
}
