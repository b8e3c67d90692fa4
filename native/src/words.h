// Scanning for tokenizers: divides UTF-8 text into words and looks them up in a table of words whose tokens are known. The twin of
// packages/tokenizer/src/fast (gpt2-bytes.ts, bert-words.ts, word-encoder.ts), whose memory it works on; word-scanner.ts there says
// what passes between the two. Everything that belongs to the table's owner (what to do with an unknown word, growth, eviction) stays there.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gerbert {

// An array of JavaScript's.
template <class T>
struct Array {
  T* data = nullptr;
  size_t length = 0;
};

// Places in the array of state, as in word-scanner.ts. The multipliers are five.
enum ScanState : int {
  scanRules,
  scanLength,
  scanShift,
  scanMultipliers,
  scanPosition = scanMultipliers + 5,
  scanTokens,
  scanWords,
  scanUnit,
  scanFrom,
  scanTo,
  scanWordUnit,
  scanStates
};

enum class ScanRules : int { gpt2, bert };

// Why a scan stopped: at the end of the text, at a word that is not in the table, at a character whose
// kind is not known yet, or, where records are asked for, at a word whose entry holds only the place of its tokens.
enum class ScanStop : int { done, word, kind, pooled };

struct ScanArrays {
  Array<int32_t> state;
  Array<uint8_t> bytes, kinds;
  Array<int32_t> entries, pool, ids;
  // Two numbers a word, where they are asked for.
  Array<int32_t> records;
  bool tracked;
};

// Goes on where the state says. Throws a gerbert::Error with the code SCAN_ARGUMENT, having written nothing outside the arrays, where
// these do not fit each other.
ScanStop scanWordsOf(const ScanArrays& arrays);

}  // namespace gerbert
