import { Fields, type Json, malformed, unsupported } from './fields.js';

/**
 * Reads one component of tokenizer.json by its `type`.
 * @throws TokenizerError `TOKENIZER_COMPONENT_UNSUPPORTED`, naming the component and the supported ones.
 */
export function readComponent<T>(
  json: Json | undefined,
  kind: string,
  readers: ReadonlyMap<string, (fields: Fields) => T>,
): T | undefined {
  if (json == null) return undefined;
  const fields = new Fields(json, kind);
  const type = fields.string('type');
  const read = readers.get(type);
  if (read === undefined) throw unsupported(kind, `"${type}"`, readers.keys());
  const component = read(fields);
  fields.done();
  return component;
}

/** The same for a component that must be there. @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where it is not */
export function readRequired<T>(
  json: Json | undefined,
  kind: string,
  readers: ReadonlyMap<string, (fields: Fields) => T>,
): T {
  const component = readComponent(json, kind, readers);
  if (component === undefined) throw malformed(kind, 'missing');
  return component;
}
