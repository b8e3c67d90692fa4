import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GerbertError, type HostTensor, type Module, readSafetensors, writeSafetensors } from '@gerbert/tensor';

const weightsFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';

/**
 * All tensors of a checkpoint directory: `model.safetensors`, or the shards its index names.
 *
 * @throws `FILE_UNREADABLE` without either; `CHECKPOINT_MALFORMED` for an index that cannot be followed; those of `readSafetensors`
 */
export async function readState(directory: string): Promise<Map<string, HostTensor>> {
  const single = join(directory, weightsFile);
  if (await exists(single)) return readSafetensors(single);
  const index = join(directory, indexFile);
  if (!(await exists(index))) {
    throw new GerbertError('FILE_UNREADABLE', `${directory} has neither ${weightsFile} nor ${indexFile}.`);
  }
  const state = new Map<string, HostTensor>();
  for (const shard of shardsOf(index, await readFile(index, 'utf8'))) {
    for (const [name, tensor] of await readSafetensors(join(directory, shard))) state.set(name, tensor);
  }
  return state;
}

/**
 * Gives the parameters of `model` the values that were read from `directory`; see `Module.loadState`.
 *
 * @throws `STATE_MISMATCH`, naming the directory and the parameters
 */
export function loadCheckpoint(
  model: Module,
  state: ReadonlyMap<string, HostTensor>,
  { directory, mayMiss }: { directory: string; mayMiss?: (name: string) => boolean },
): { missing: string[]; unused: string[] } {
  try {
    return model.loadState(state, { mayMiss });
  } catch (cause) {
    if (!(cause instanceof GerbertError)) throw cause;
    throw new GerbertError(cause.code, `${directory}: ${cause.message}`, { cause });
  }
}

/** Writes `config.json`, `model.safetensors` and other JSON files as Hugging Face libraries lay them out, each whole or not at all. */
export async function writeCheckpoint(
  directory: string,
  model: Module,
  files: { 'config.json': object } & Record<string, object>,
): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw new GerbertError('FILE_UNWRITABLE', `Cannot make ${directory}: ${(cause as Error).message}`, { cause });
  }
  const state = new Map<string, HostTensor>();
  for (const [name, t] of model.state()) state.set(name, { dtype: t.dtype, shape: t.shape, data: await t.read() });
  await writeSafetensors(join(directory, weightsFile), state, { format: 'pt' });
  for (const [name, content] of Object.entries(files)) await writeJson(join(directory, name), content);
}

async function writeJson(path: string, content: object): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, `${JSON.stringify(content, null, 2)}\n`);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new GerbertError('FILE_UNWRITABLE', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

function shardsOf(path: string, json: string): Set<string> {
  const malformed = (what: string): never => {
    throw new GerbertError('CHECKPOINT_MALFORMED', `${path}: ${what}.`);
  };
  let index: { weight_map?: unknown } | null = null;
  try {
    index = JSON.parse(json);
  } catch {
    malformed('it is not JSON');
  }
  const map = index?.weight_map;
  if (typeof map !== 'object' || map === null) malformed('it has no weight_map');
  const shards = new Set<string>();
  for (const shard of Object.values(map as object)) {
    // A shard is a file beside the index, never a path out of the directory.
    if (typeof shard !== 'string' || basename(shard) !== shard || shard === '.' || shard === '..') {
      malformed(`${JSON.stringify(shard)} is not a file name`);
    }
    shards.add(shard as string);
  }
  return shards;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
