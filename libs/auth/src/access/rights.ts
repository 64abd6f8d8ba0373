import type { Principal } from '#kernel';
import { allPermissions } from '../permissions.ts';
import { heldAt, isConstant } from './decide.ts';
import type { Circumstances, Rights } from './rule.ts';

/** Beside the principal and not in it: other rooms see who calls, and ask this room what they may do. */
const known = new WeakMap<Principal, Rights>();

/** Someone with rights, whatever the time and wherever from: the part that may be remembered. */
export class Holder {
  private constant: Principal | undefined;

  constructor(
    private readonly who: Omit<Principal, 'permissions'>,
    private readonly rights: Rights,
  ) {}

  /** The caller of one request. */
  in(circumstances: Circumstances): Principal {
    if (this.constant) return this.constant;
    const { who, rights } = this;
    const principal = { ...who, permissions: heldAt(rights, circumstances, allPermissions) };
    known.set(principal, rights);
    if (isConstant(rights)) this.constant = principal;
    return principal;
  }
}

/** What speaks for and against a caller. Of one that this room did not let in, only what is said of it openly. */
export function rightsOf(caller: Principal): Rights {
  const found = known.get(caller);
  if (found) return found;
  const permissions = [...caller.permissions];
  const open = { effect: 'allow', datasetId: null, conditions: {}, expiresAt: null } as const;
  const { datasetIds } = caller;
  return {
    rules: [{ ...open, name: 'what the caller was made with', permissions }],
    cap: datasetIds ? { permissions: caller.permissions, datasetIds } : null,
  };
}
