import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { DType } from './backend.js';
import { GerbertError } from './errors.js';
import { bytesPerElement, holds, hostArray } from './host.js';
import type { HostTensor } from './module.js';
import { type Shape, sizeOf } from './shape.js';

/*
 * The safetensors format: eight bytes little-endian header length, a JSON header { name: { dtype, shape, data_offsets: [begin, end] } }, the
 * raw little-endian tensors without gaps. Everything read is checked before it is believed.
 */

const toFile: Record<DType, string> = {
  f64: 'F64',
  f32: 'F32',
  bf16: 'BF16',
  f16: 'F16',
  i32: 'I32',
  u8: 'U8',
  bool: 'BOOL',
};
const fromFile = new Map(Object.entries(toFile).map(([ours, theirs]) => [theirs, ours as DType]));

/** The longest header the format allows, in bytes. */
const longestHeader = 100_000_000;

interface Entry {
  dtype: string;
  shape: Shape;
  begin: number;
  end: number;
}

/** A safetensors file being read, tensor by tensor. Errors have code `SAFETENSORS_MALFORMED` or `FILE_UNREADABLE` and name the file. */
export class SafetensorsFile {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #dataAt: number;

  private constructor(path: string, file: FileHandle, header: Header, dataAt: number) {
    this.path = path;
    this.#file = file;
    this.#entries = header.entries;
    this.metadata = header.metadata;
    this.#dataAt = dataAt;
  }

  static async open(path: string): Promise<SafetensorsFile> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (cause) {
      throw new GerbertError('FILE_UNREADABLE', `Cannot read ${path}: ${(cause as Error).message}`, { cause });
    }
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new GerbertError('FILE_UNREADABLE', `Cannot read ${path}: it is not a file.`);
      const { size } = stat;
      if (size < 8) malformed(path, `it has ${size} bytes, and even the header's length takes 8`);
      const prefix = new DataView((await readAt(file, path, 0, 8)).buffer);
      const length = Number(prefix.getBigUint64(0, true));
      if (8 + length > size) malformed(path, `its header claims ${length} bytes, but the file has ${size}`);
      if (length > longestHeader) {
        malformed(path, `its header takes ${length} bytes, and the format allows ${longestHeader}`);
      }
      const header = parseHeader(path, await readAt(file, path, 8, length), size - 8 - length);
      return new SafetensorsFile(path, file, header, 8 + length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  async read(name: string): Promise<HostTensor> {
    const entry = this.#entries.get(name);
    if (!entry) throw new GerbertError('TENSOR_MISSING', `${this.path} has no tensor named ${name}.`);
    const dtype = fromFile.get(entry.dtype);
    if (!dtype) {
      const known = [...fromFile.keys()].join(', ');
      throw new GerbertError('DTYPE', `${this.path}: ${name} is ${entry.dtype}; the dtypes read here are ${known}.`);
    }
    const data = hostArray(dtype, sizeOf(entry.shape));
    const bytes = new Uint8Array(data.buffer);
    await fill(this.#file, this.path, bytes, this.#dataAt + entry.begin);
    return { dtype, shape: entry.shape, data };
  }

  async readAll(): Promise<Map<string, HostTensor>> {
    const all = new Map<string, HostTensor>();
    for (const name of this.names()) all.set(name, await this.read(name));
    return all;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Reads every tensor of a safetensors file. */
export async function readSafetensors(path: string): Promise<Map<string, HostTensor>> {
  const file = await SafetensorsFile.open(path);
  try {
    return await file.readAll();
  } finally {
    await file.close();
  }
}

/**
 * Writes a safetensors file: beside its place first, then moved there, so that a reader or a crash never meets half of it.
 *
 * @throws `NAME_RESERVED`, `SHAPE_MISMATCH` and `DTYPE_MISMATCH` before anything is written; `FILE_UNWRITABLE`
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let at = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    if (name === '__metadata__') throw new GerbertError('NAME_RESERVED', `No tensor can be named ${name} in ${path}.`);
    if (data.length !== sizeOf(shape)) {
      throw new GerbertError('SHAPE_MISMATCH', `${name} has ${data.length} elements, its shape ${sizeOf(shape)}.`);
    }
    if (!holds(data, dtype)) {
      throw new GerbertError('DTYPE_MISMATCH', `${name} is ${dtype}, but its data are a ${data[Symbol.toStringTag]}.`);
    }
    header[name] = { dtype: toFile[dtype], shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the header put the first tensor on an 8-byte boundary, as readers that map the file want it.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(padded.length), true);
  const parts = [prefix, padded, ...[...tensors.values()].map(({ data }) => bytesOf(data))];
  await replaceFile(path, parts);
}

async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'w');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new GerbertError('FILE_UNWRITABLE', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

interface Header {
  entries: Map<string, Entry>;
  metadata: Map<string, string>;
}

function parseHeader(path: string, bytes: Uint8Array, dataBytes: number): Header {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    malformed(path, `its header is not JSON (${(cause as Error).message})`);
  }
  if (!isRecord(json)) malformed(path, 'its header is not a JSON object');
  const entries = new Map<string, Entry>();
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    if (!isRecord(value)) malformed(path, `the header's entry ${name} is not an object`);
    if (name !== '__metadata__') entries.set(name, parseEntry(path, name, value, dataBytes));
    else for (const [key, text] of Object.entries(value)) metadata.set(key, metadataText(path, key, text));
  }
  let covered = 0;
  for (const [name, { begin, end }] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) malformed(path, `${name} begins at ${begin}, but the tensor before it ends at ${covered}`);
    covered = end;
  }
  if (covered !== dataBytes) malformed(path, `its tensors take ${covered} bytes, but ${dataBytes} follow the header`);
  return { entries, metadata };
}

function metadataText(path: string, key: string, text: unknown): string {
  if (typeof text !== 'string') malformed(path, `its metadata ${key} is not a string`);
  return text;
}

function parseEntry(path: string, name: string, value: Record<string, unknown>, dataBytes: number): Entry {
  const { dtype, shape, data_offsets: offsets } = value;
  const [begin, end] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isCount) || !isCount(begin) || !isCount(end)) {
    malformed(path, `the entry ${name} needs a dtype, a shape and data_offsets of whole numbers`);
  }
  if (begin > end || end > dataBytes) {
    malformed(path, `${name} takes bytes ${begin} to ${end}, but only ${dataBytes} follow the header`);
  }
  const known = fromFile.get(dtype);
  const wanted = known && sizeOf(shape) * bytesPerElement[known];
  if (wanted !== undefined && wanted !== end - begin) {
    malformed(path, `${name} is ${dtype} [${shape.join(', ')}], which takes ${wanted} bytes, but has ${end - begin}`);
  }
  return { dtype, shape, begin, end };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readAt(file: FileHandle, path: string, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await fill(file, path, bytes, at);
  return bytes;
}

async function fill(file: FileHandle, path: string, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), at + done);
    if (bytesRead === 0) malformed(path, 'it ended early');
    done += bytesRead;
  }
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function malformed(path: string, what: string): never {
  throw new GerbertError('SAFETENSORS_MALFORMED', `${path} is not a safetensors file that can be read: ${what}.`);
}
