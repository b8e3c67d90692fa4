const arrays = new Map<string, Float64Array>();

/**
 * Working memory in f64, kept from call to call and only ever grown, so that a warmed-up kernel allocates nothing. Its content is
 * whatever the last user of the same name left; kernels run one at a time, so each may hold one array per name.
 */
export function scratch(name: string, size: number): Float64Array {
  let array = arrays.get(name);
  if (array === undefined || array.length < size) {
    array = new Float64Array(Math.max(256, 2 ** Math.ceil(Math.log2(size))));
    arrays.set(name, array);
  }
  return array;
}
