import type { ThrottlingOptions } from '#throttling';

const under = (prefix: string, ...paths: string[]): string[] => paths.map((path) => `/api/v1/${prefix}/${path}`);

/** The routes with a limit of their own, by their templates; `test/e2e/limits.e2e-spec.ts` holds that each is there. */
export const limitedRoutes: ThrottlingOptions['routes'] = {
  'sign-in': under(
    'auth',
    'login',
    'second-factor/sign-in',
    'invitations/accept',
    'token',
    'oidc/:provider/start',
    'oidc/:provider/callback',
  ),
  bulk: under('datasets/:id', 'imports', 'anonymize'),
  pii: [...under('pii', 'detect', 'anonymize'), ...under('anonymization-policies/:id', 'preview')],
  export: under('datasets/:id', 'export', 'export/manifest'),
};
