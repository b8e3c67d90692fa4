/** What trained tokenizers make of texts; run in two realms. */
export async function work({ Tokenizer, trainByteLevelBpe, trainWordPiece }) {
  const corpus = ['Who wrote the letter?', 'Mary wrote the letter.', 'naïve 東京 😀 café'];
  const texts = ['Who wrote it?', 'Naïve CAFÉ, 東京 😀!', '\ud800 x', ''];
  const results = [];
  for (const train of [trainWordPiece, trainByteLevelBpe]) {
    const trained = await train(corpus, { vocabSize: 300, minFrequency: 1 });
    const tokenizer = Tokenizer.fromJSON(JSON.stringify(trained));
    for (const text of texts) {
      const { ids, offsets, tokens } = tokenizer.encode(text, { pair: 'the letter', truncation: { maxLength: 9 } });
      results.push({ ids: [...ids], offsets, tokens, text: tokenizer.decode(tokenizer.encodeIds(text)) });
    }
  }
  return results;
}
