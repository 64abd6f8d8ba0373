type Token = abstract new (...args: never[]) => unknown;
type Instances<T extends readonly Token[]> = {
  [K in keyof T]: T[K] extends abstract new (...args: never[]) => infer I ? I : never;
};

/** What a dependency injection container takes: a token, how to make its value, and from what. */
export interface Provided {
  provide: Token;
  useFactory: (...parts: never[]) => unknown;
  inject: Token[];
}

/** A provider that hands the named parts to a class, in order, so that the class needs to know no container. */
export function provided<const T extends readonly Token[], R>(
  type: new (...parts: Instances<T>) => R,
  inject: T,
): Provided {
  return { provide: type, useFactory: (...parts: Instances<T>) => new type(...parts), inject: [...inject] };
}

/** The same for what is made in another way than by its own constructor. */
export function providedBy<const T extends readonly Token[], R>(
  token: abstract new (...args: never[]) => R,
  inject: T,
  make: (...parts: Instances<T>) => R | Promise<R>,
): Provided {
  return { provide: token, useFactory: make, inject: [...inject] };
}
