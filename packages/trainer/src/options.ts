/** The options with defaults in place of those that are missing or undefined. */
export function withDefaults<T extends object, D extends Partial<T>>(options: T, defaults: D): T & Required<D> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as T & Required<D>;
}
