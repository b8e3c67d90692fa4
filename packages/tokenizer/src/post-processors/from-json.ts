import { readComponent } from '../json/component.js';
import type { Fields, Json } from '../json/fields.js';
import { readByteLevel } from '../pre-tokenizers/byte-level.js';
import { BertProcessing } from './bert.js';
import { ByteLevelProcessing } from './byte-level.js';
import type { PostProcessor } from './post-processor.js';
import { TemplateProcessing } from './template.js';

const READERS = new Map<string, (fields: Fields) => PostProcessor>([
  ['BertProcessing', BertProcessing.read],
  ['TemplateProcessing', TemplateProcessing.read],
  ['ByteLevel', (fields) => new ByteLevelProcessing(readByteLevel(fields))],
]);

export function readPostProcessor(json: Json | undefined): PostProcessor | undefined {
  return readComponent(json, 'post_processor', READERS);
}
