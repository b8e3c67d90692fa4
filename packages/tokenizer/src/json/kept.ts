import { isObject, type Json, type JsonObject } from './fields.js';

/**
 * By component, or by options of truncation and padding: the JSON it was read from. That is what is written again, with
 * fields that mean nothing and without those that were left to their defaults, so that a file comes back as it was.
 */
const sources = new WeakMap<object, JsonObject>();

function copy<T extends Json>(json: T): T {
  return JSON.parse(JSON.stringify(json));
}

/** Reads by `read`, and keeps `json` for `writeKept`. */
export function readKept<T extends object>(
  json: Json | undefined,
  read: (json: Json | undefined) => T | undefined,
): T | undefined {
  const component = read(json);
  if (component !== undefined && isObject(json)) sources.set(component, copy(json));
  return component;
}

/** What `component` was read from, or else what `write` makes of it; null where there is none. */
export function writeKept<T extends object>(component: T | undefined, write: (component: T) => JsonObject): Json {
  if (component === undefined) return null;
  const source = sources.get(component);
  return source === undefined ? write(component) : copy(source);
}
