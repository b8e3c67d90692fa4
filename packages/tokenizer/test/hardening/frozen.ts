/**
 * Makes the built-in prototypes immutable before a test file is loaded, as programs do that guard against prototype pollution.
 * Then an assignment to a property that the prototype has as well throws, and so does whoever would change a prototype.
 */
export const FROZEN: readonly object[] = [
  Object,
  Function,
  Array,
  Map,
  Set,
  String,
  Number,
  Boolean,
  Symbol,
  RegExp,
  Error,
  TypeError,
  Promise,
  Int32Array,
  Uint8Array,
  Float64Array,
  Object.getPrototypeOf(Int32Array),
  Object.getPrototypeOf(function* () {}),
].map((type) => type.prototype as object);

for (const prototype of FROZEN) Object.freeze(prototype);
