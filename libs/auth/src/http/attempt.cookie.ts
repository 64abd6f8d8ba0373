import { ATTEMPT_SECONDS } from '../oidc/sealed-attempt.ts';

/** `__Host-`: no other host and no page below it can have set it (RFC 6265bis). Browsers take it from localhost, too. */
const NAME = '__Host-vault-sign-in';
const TERMS = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** For the browser that began a sign-in. Lax: it comes back from another site, and by a link. */
export function keepingCookie(sealed: string): string {
  return `${NAME}=${sealed}; Max-Age=${ATTEMPT_SECONDS}; ${TERMS}`;
}

export function clearingCookie(): string {
  return `${NAME}=; Max-Age=0; ${TERMS}`;
}

/** What was kept; null when it is not there, or there twice. */
export function cookieOf(header: string | undefined): string | null {
  const found = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${NAME}=`));
  return found.length === 1 ? found[0]!.slice(NAME.length + 1) : null;
}
