import { readComponent } from '../json/component.js';
import { type Fields, type Json, malformed } from '../json/fields.js';
import { readByteLevel } from '../pre-tokenizers/byte-level.js';
import { BertProcessing } from './bert.js';
import { ByteLevelProcessing } from './byte-level.js';
import type { PostProcessor } from './post-processor.js';
import { RobertaProcessing } from './roberta.js';
import { SequenceProcessing } from './sequence.js';
import { TemplateProcessing } from './template.js';

function readSequence(fields: Fields): PostProcessor {
  return new SequenceProcessing(
    fields.list('processors').map((json) => {
      const processor = readPostProcessor(json);
      if (processor === undefined) throw malformed(`${fields.where}.processors`, 'expected an object, found null');
      return processor;
    }),
  );
}

/** Without the two fields of its own it is BERT's, as the Rust library has it. */
function readRoberta(fields: Fields): PostProcessor {
  const own = fields.has('trim_offsets') && fields.has('add_prefix_space');
  return own ? RobertaProcessing.read(fields) : BertProcessing.read(fields);
}

const READERS = new Map<string, (fields: Fields) => PostProcessor>([
  ['BertProcessing', BertProcessing.read],
  ['RobertaProcessing', readRoberta],
  ['TemplateProcessing', TemplateProcessing.read],
  ['ByteLevel', (fields) => new ByteLevelProcessing(readByteLevel(fields))],
  ['Sequence', readSequence],
]);

export function readPostProcessor(json: Json | undefined): PostProcessor | undefined {
  return readComponent(json, 'post_processor', READERS);
}
