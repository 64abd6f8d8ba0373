import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request or job that the running code works for. */
export interface RequestContext {
  requestId: string;
  /** Address of the caller, as far as it is trusted; absent in jobs. */
  ip?: string;
  /** What the caller says it is done for. */
  purpose?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}
