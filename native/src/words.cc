#include "words.h"

#include <bit>
#include <cstring>

#include "error.h"

namespace gerbert {

namespace {

// Classes of characters, for the rules of GPT-2: unicode/classes.ts.
constexpr int letter = 1, number = 2, space = 4, classes = letter | number | space;
// Kinds of characters, for BERT's: bert-words.ts. 0 is one that has not been asked for.
constexpr int part = 1, dropped = 2, alone = 4;
// Neither: the first byte of a character of several bytes, and what stands behind the text.
constexpr int lead = 64, behind = 128;

// Bytes behind the text that may be read.
constexpr int64_t padding = 32;
constexpr size_t codePoints = 0x110000;

// Entries of the table: word-table.ts.
constexpr int entrySize = 8, packedAt = 4, idAt = 5, probes = 8, longest = 16, inlined = 3;
constexpr int32_t pooled = 1 << 30;

[[noreturn, gnu::cold]] void refuse(const char* what) { throw Error("SCAN_ARGUMENT", std::string("scanWords: ") + what); }

inline uint64_t load(const void* from) {
  uint64_t value;
  memcpy(&value, from, sizeof value);
  return value;
}

constexpr uint64_t each(uint64_t byte) { return byte * 0x0101010101010101; }

// The highest bit of every byte that is no ASCII letter.
inline uint64_t notLetters(uint64_t eight) {
  const uint64_t lower = (eight | each(0x20)) & each(0x7f);
  // Seven-bit sums do not carry: the highest bit tells `a` or above, and above `z`.
  return ~((lower + each(0x1f)) & ~(lower + each(0x05)) & ~eight) & each(0x80);
}

// The lowest `length` bytes of sixteen.
struct Masks {
  uint64_t low[longest + 1], high[longest + 1];
  constexpr Masks() : low(), high() {
    for (int length = 0; length <= longest; length++) {
      low[length] = length >= 8 ? ~uint64_t(0) : (uint64_t(1) << 8 * length) - 1;
      high[length] = length <= 8 ? 0 : length == 16 ? ~uint64_t(0) : (uint64_t(1) << 8 * (length - 8)) - 1;
    }
  }
};
constexpr Masks masks;

inline int widthOf(uint8_t first) { return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

// UTF-16 units of the characters that begin in eight bytes: one for each byte that goes on none, and one more for four bytes.
inline int unitsOf(uint64_t eight, int length) {
  const uint64_t following = eight & ~(eight << 1) & each(0x80);
  const uint64_t four = eight & (eight << 1) & (eight << 2) & (eight << 3) & each(0x80);
  // Of bits that stand in the lowest places of bytes, the highest byte of this product is the sum.
  return length + int(((four >> 7) * each(1) >> 56) - ((following >> 7) * each(1) >> 56));
}

template <ScanRules rules, bool tracked>
class Scanner {
 public:
  explicit Scanner(const ScanArrays& arrays)
      : state_(arrays.state.data), bytes_(arrays.bytes.data), kinds_(arrays.kinds.data), entries_(arrays.entries.data),
        pool_(arrays.pool), ids_(arrays.ids.data), records_(arrays.records.data),
        length_(state_[scanLength]), room_(int64_t(arrays.ids.length)),
        recordRoom_(int64_t(arrays.records.length / 2)), mask_(uint32_t(arrays.entries.length) - entrySize),
        shift_(state_[scanShift] & 31), tokens_(state_[scanTokens]), words_(state_[scanWords]), unit_(uint32_t(state_[scanUnit])) {
    memcpy(multipliers_, state_ + scanMultipliers, sizeof multipliers_);
  }

  ScanStop run() {
    int64_t at = state_[scanPosition];
    const ScanStop stop = rules == ScanRules::gpt2 ? runGpt2(at) : runBert(at);
    if (tokens_ > room_) refuse("an entry has more tokens than there is room for");
    state_[scanPosition] = int32_t(at);
    state_[scanTokens] = int32_t(tokens_);
    state_[scanWords] = int32_t(words_);
    state_[scanUnit] = int32_t(unit_);
    return stop;
  }

 private:
  // ---- characters

  int kindOfByte(int64_t at) const {
    const uint8_t byte = bytes_[at];
    if (byte >= 0x80) return at < length_ ? lead : behind;
    return rules == ScanRules::gpt2 ? kinds_[byte] & classes : kinds_[byte];
  }

  // Of the character of several bytes that begins at `at`.
  int wideKind(int64_t at) const {
    const uint8_t first = bytes_[at];
    const uint32_t second = bytes_[at + 1] & 0x3f, third = bytes_[at + 2] & 0x3f, fourth = bytes_[at + 3] & 0x3f;
    const uint32_t code = first < 0xe0   ? (first & 0x1fu) << 6 | second
                          : first < 0xf0 ? (first & 0xfu) << 12 | second << 6 | third
                                         : (first & 7u) << 18 | second << 12 | third << 6 | fourth;
    if (code >= codePoints) refuse("the text is not UTF-8");
    return rules == ScanRules::gpt2 ? kinds_[code] & classes : kinds_[code];
  }

  // ---- words

  // The tokens of the bytes `from` to `to`, of which `low` and `high` are the first sixteen. `done`: go on.
  [[gnu::always_inline]] ScanStop take(int64_t from, int64_t to, uint64_t low, uint64_t high) {
    if (to > length_) refuse("the text is not UTF-8");
    const int64_t length = to - from;
    if (length > longest) return miss(from, to);
    low &= masks.low[length];
    high &= masks.high[length];
    const int32_t* entry = find(low, high, int32_t(length));
    if (!entry) return miss(from, to);
    const int32_t packed = entry[packedAt];
    const uint32_t unit = unit_;
    if (tracked) unit_ += uint32_t(((low | high) & each(0x80)) == 0 ? length : unitsOf(low, 0) + unitsOf(high, 0) + length);
    if (packed & pooled) {
      if (!tracked) return takePooled(entry[idAt], packed);
      state_[scanFrom] = int32_t(entry - entries_);
      state_[scanWordUnit] = int32_t(unit);
      return ScanStop::pooled;
    }
    const int64_t n = tokens_;
    if (n + inlined > room_) refuse("there is no room for the tokens");
    // Always three, of which the next word writes over those too many: cheaper than asking how many.
    const int32_t first = entry[idAt], second = entry[idAt + 1], third = entry[idAt + 2];
    ids_[n] = first;
    ids_[n + 1] = second;
    ids_[n + 2] = third;
    tokens_ = n + (packed >> 5 & 31);
    if (tracked) {
      if (words_ < 0 || words_ >= recordRoom_) refuse("there is no room for the records");
      records_[2 * words_] = int32_t(unit);
      records_[2 * words_ + 1] = packed;
      words_++;
    }
    return ScanStop::done;
  }

  const int32_t* find(uint64_t low, uint64_t high, int32_t length) const {
    const uint32_t sum = uint32_t(low) * multipliers_[0] + uint32_t(low >> 32) * multipliers_[1] +
                         uint32_t(high) * multipliers_[2] + uint32_t(high >> 32) * multipliers_[3];
    const uint32_t hash = (sum ^ sum >> 15) * multipliers_[4];
    uint32_t at = hash >> shift_ << 3 & mask_;
    for (int probe = 0; probe < probes; probe++) {
      const int32_t* entry = entries_ + at;
      const int32_t packed = entry[packedAt];
      if (((load(entry) ^ low) | (load(entry + 2) ^ high) | uint64_t((packed & 31) ^ length)) == 0) return entry;
      if (packed == 0) return nullptr;
      at = (at + entrySize) & mask_;
    }
    return nullptr;
  }

  [[gnu::noinline]] ScanStop miss(int64_t from, int64_t to) {
    state_[scanFrom] = int32_t(from);
    state_[scanTo] = int32_t(to);
    state_[scanWordUnit] = int32_t(unit_);
    if (tracked) {
      for (int64_t i = from; i < to; i++) unit_ += (bytes_[i] & 0xc0) == 0x80 ? 0 : bytes_[i] < 0xf0 ? 1 : 2;
    }
    return ScanStop::word;
  }

  [[gnu::noinline]] ScanStop takePooled(int64_t place, int32_t packed) {
    const int64_t count = packed >> 5 & 31, n = tokens_;
    if (place < 0 || place + count > int64_t(pool_.length)) refuse("an entry points outside the pool");
    if (n + count > room_) refuse("there is no room for the tokens");
    for (int64_t i = 0; i < count; i++) ids_[n + i] = pool_.data[place + i];
    tokens_ = n + count;
    return ScanStop::done;
  }

  // ---- GPT-2

  // `at`: where the scan begins and, after it, where the next does.
  ScanStop runGpt2(int64_t& at) {
    while (at < length_) {
      const uint64_t low = load(bytes_ + at), high = load(bytes_ + at + 8);
      const int64_t ahead = uint8_t(low) == ' ';
      const uint64_t others = notLetters(low) & ~uint64_t(ahead << 7), farOthers = notLetters(high);
      const int64_t run = others ? std::countr_zero(others) >> 3 : 8 + (farOthers ? std::countr_zero(farOthers) >> 3 : 8);
      int64_t end = at + run;
      if (run <= ahead) {
        end = otherEnd(at);
      } else if (run == longest || bytes_[end] >= 0x80) {
        end = runEnd(end, letter);
      }
      const ScanStop stop = take(at, end, low, high);
      at = end;
      if (stop != ScanStop::done) return stop;
    }
    return ScanStop::done;
  }

  // End of the run of characters of one kind.
  int64_t runEnd(int64_t at, int kind) const {
    while (at < length_) {
      const int here = kindOfByte(at);
      if (here == kind) at++;
      else if (here == lead && wideKind(at) == kind) at += widthOf(bytes_[at]);
      else break;
    }
    return at;
  }

  // End of the word at `from` that is not a run of letters with an ASCII letter in front.
  [[gnu::noinline]] int64_t otherEnd(int64_t from) const {
    int64_t at = from;
    int kind = kindOfByte(from);
    if (bytes_[from] == ' ') {
      const int next = kindOfByte(from + 1);
      if (next != space && next != behind) {
        kind = next;
        at = from + 1;
      }
    } else if (bytes_[from] == '\'') {
      const int64_t taken = contraction(from);
      if (taken > 0) return from + taken;
    }
    if (kind == lead) {
      kind = wideKind(at);
      // Wide white space behind a space: they are one run.
      if (kind == space) at = from;
    }
    const int64_t end = runEnd(at, kind);
    // Only where a space counts as none.
    if (end <= from) refuse("the kinds are not those of the rules");
    return kind == space && end < length_ ? beforeLastSpace(from, end) : end;
  }

  // Length of the contraction whose apostrophe stands at `at`, 0 where there is none.
  int64_t contraction(int64_t at) const {
    const uint8_t next = bytes_[at + 1], last = bytes_[at + 2];
    if (next == 's' || next == 't' || next == 'm' || next == 'd') return 2;
    return ((next == 'r' || next == 'v') && last == 'e') || (next == 'l' && last == 'l') ? 3 : 0;
  }

  // The last white space of a run belongs to what follows, unless it is all of it.
  int64_t beforeLastSpace(int64_t from, int64_t end) const {
    int64_t last = end - 1;
    while (last > from && (bytes_[last] & 0xc0) == 0x80) last--;
    return last > from ? last : end;
  }

  // ---- BERT

  ScanStop runBert(int64_t& at) {
    const bool spaceDivides = kinds_[' '] == dropped;
    while (at < length_) {
      const uint64_t low = load(bytes_ + at), high = load(bytes_ + at + 8);
      const uint64_t others = notLetters(low), farOthers = notLetters(high);
      int64_t end = at + (others ? std::countr_zero(others) >> 3 : 8 + (farOthers ? std::countr_zero(farOthers) >> 3 : 8));
      int kind = part;
      if (end == at) {
        kind = kindOfByte(at);
        if (kind == lead) {
          kind = wideKind(at);
          end += widthOf(bytes_[at]);
        } else {
          end++;
        }
        if (kind == 0) return unknown(at);
      }
      if (kind == dropped) {
        if (tracked) unit_ += bytes_[at] < 0xf0 ? 1 : 2;
        at = end;
        continue;
      }
      if (kind == part && !wordEnd(end)) return unknown(end);
      const ScanStop stop = take(at, end, low, high);
      at = end;
      if (stop != ScanStop::done) return stop;
      const bool divided = spaceDivides && bytes_[at] == ' ';
      at += divided;
      if (tracked) unit_ += divided;
    }
    return ScanStop::done;
  }

  // Moves on to the end of the word; false where it meets a character of which nobody knows what it is.
  bool wordEnd(int64_t& at) const {
    while (at < length_) {
      int kind = kindOfByte(at);
      int width = 1;
      if (kind == lead) {
        kind = wideKind(at);
        width = widthOf(bytes_[at]);
      }
      if (kind == 0) return false;
      if (kind != part) break;
      at += width;
    }
    return true;
  }

  ScanStop unknown(int64_t at) {
    state_[scanFrom] = int32_t(at);
    return ScanStop::kind;
  }

  int32_t* const state_;
  const uint8_t* const bytes_;
  const uint8_t* const kinds_;
  const int32_t* const entries_;
  const Array<int32_t> pool_;
  int32_t* const ids_;
  int32_t* const records_;
  const int64_t length_;
  const int64_t room_, recordRoom_;
  const uint32_t mask_;
  const int shift_;
  uint32_t multipliers_[5];
  int64_t tokens_;
  int64_t words_;
  // Unsigned: what hostile numbers make of it overflows.
  uint32_t unit_;
};

template <ScanRules rules>
ScanStop runScanner(const ScanArrays& arrays) {
  return arrays.tracked ? Scanner<rules, true>(arrays).run() : Scanner<rules, false>(arrays).run();
}

}  // namespace

ScanStop scanWordsOf(const ScanArrays& arrays) {
  if (arrays.state.length < scanStates) refuse("the state is too short");
  const int32_t* state = arrays.state.data;
  const int64_t length = state[scanLength];
  if (length < 0 || length + padding > int64_t(arrays.bytes.length)) refuse("the text ends too close to the end of its memory");
  if (state[scanPosition] < 0 || state[scanPosition] > length) refuse("the position lies outside the text");
  if (state[scanTokens] < 0) refuse("the number of tokens is negative");
  if (arrays.kinds.length < codePoints) refuse("the kinds are not those of all code points");
  const size_t entries = arrays.entries.length;
  if (entries < entrySize || entries > size_t(1) << 30 || (entries & (entries - 1)) != 0) {
    refuse("the number of entries is no power of two");
  }
  switch (state[scanRules]) {
    case int(ScanRules::gpt2):
      return runScanner<ScanRules::gpt2>(arrays);
    case int(ScanRules::bert):
      return runScanner<ScanRules::bert>(arrays);
  }
  refuse("the rules are not known");
}

}  // namespace gerbert
