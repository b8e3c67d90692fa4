// From the argument block to the C++ arguments of a kernel, derived from the kernel's type.
//
// JavaScript writes numbers into a Float64Array: first the number of the kernel, then its arguments in order. A view is 8 numbers: handle, offset in
// elements, dtype, rank, four dims; an absent one has handle −1. A scalar is one. Nothing written there is trusted.
#pragma once

#include <cmath>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "error.h"
#include "kernels.h"
#include "memory.h"

namespace gerbert {

constexpr int viewNumbers = 8;

// Names an argument in errors.
struct Place {
  const char* kernel;
  const char* names;  // of all arguments, separated by spaces
  int position;
};

// KERNEL_ARGUMENT, "<kernel>: argument <position> (<name>) <text>".
[[noreturn]] void refuse(const Place& place, const std::string& text);

View decodeView(const MemoryTable& memory, const double* at, const Place& place);
// An integer in [low, high].
double decodeInteger(double value, double low, double high, const Place& place);

// How an argument of type T is written: `letter` in the signature, `numbers` in the block.
template <class T>
struct Argument;

template <>
struct Argument<const View&> {
  static constexpr const char* letter = "v";
  static constexpr int numbers = viewNumbers;
  using Stored = View;
  static Stored decode(const MemoryTable& memory, const double* at, const Place& place) { return decodeView(memory, at, place); }
  static const View& pass(const Stored& stored) { return stored; }
};

template <>
struct Argument<const View*> {
  static constexpr const char* letter = "v?";
  static constexpr int numbers = viewNumbers;
  struct Stored {
    bool given;
    View view;
  };
  static Stored decode(const MemoryTable& memory, const double* at, const Place& place) {
    if (at[0] == -1) return {false, View{}};
    return {true, decodeView(memory, at, place)};
  }
  static const View* pass(const Stored& stored) { return stored.given ? &stored.view : nullptr; }
};

template <class T>
struct Scalar {
  static constexpr const char* letter = "n";
  static constexpr int numbers = 1;
  using Stored = T;
  static T pass(T stored) { return stored; }
};

template <>
struct Argument<double> : Scalar<double> {
  static double decode(const MemoryTable&, const double* at, const Place&) { return *at; }
};

template <>
struct Argument<int64_t> : Scalar<int64_t> {
  static int64_t decode(const MemoryTable&, const double* at, const Place& place) {
    return int64_t(decodeInteger(*at, -9007199254740991.0, 9007199254740991.0, place));
  }
};

template <>
struct Argument<int32_t> : Scalar<int32_t> {
  static int32_t decode(const MemoryTable&, const double* at, const Place& place) {
    return int32_t(decodeInteger(*at, -2147483648.0, 2147483647.0, place));
  }
};

template <>
struct Argument<uint32_t> : Scalar<uint32_t> {
  static uint32_t decode(const MemoryTable&, const double* at, const Place& place) {
    return uint32_t(decodeInteger(*at, 0, 4294967295.0, place));
  }
};

// Flag, Activation, Precision, Binary: enumerations that end in `count`.
template <class E>
struct EnumArgument : Scalar<E> {
  static E decode(const MemoryTable&, const double* at, const Place& place) {
    return E(int(decodeInteger(*at, 0, double(int(E::count) - 1), place)));
  }
};
template <>
struct Argument<Flag> : EnumArgument<Flag> {};
template <>
struct Argument<Activation> : EnumArgument<Activation> {};
template <>
struct Argument<Precision> : EnumArgument<Precision> {};
template <>
struct Argument<Binary> : EnumArgument<Binary> {};

// Calls of kernels with the arguments A….
template <class... A>
struct Call {
  static constexpr int numbers = (0 + ... + Argument<A>::numbers);

  static std::string signature() { return (std::string() + ... + Argument<A>::letter); }

  template <size_t... Index>
  static void run(void (*kernel)(A...), const MemoryTable& memory, const double* block, const char* name, const char* names,
                  std::index_sequence<Index...>) {
    constexpr int widths[] = {Argument<A>::numbers...};
    int starts[sizeof...(A)];
    int at = 0;
    for (size_t i = 0; i < sizeof...(A); i++) {
      starts[i] = at;
      at += widths[i];
    }
    // In braces: decoded from the first to the last.
    std::tuple<typename Argument<A>::Stored...> stored{
        Argument<A>::decode(memory, block + starts[Index], Place{name, names, int(Index)})...};
    kernel(Argument<A>::pass(std::get<Index>(stored))...);
  }
};

template <class Member>
struct CallOf;
template <class... A>
struct CallOf<void (*Kernels::*)(A...)> {
  using Type = Call<A...>;
  using Indices = std::index_sequence_for<A...>;
};

// One row of the table that the binding goes by.
struct Entry {
  const char* name;
  const char* names;
  std::string (*signature)();
  void (*run)(const Kernels& table, const MemoryTable& memory, const double* block, const Entry& self);
};

template <auto member>
Entry entry(const char* name, const char* names) {
  using Of = CallOf<decltype(member)>;
  return {name, names, Of::Type::signature,
          [](const Kernels& table, const MemoryTable& memory, const double* block, const Entry& self) {
            Of::Type::run(table.*member, memory, block, self.name, self.names, typename Of::Indices{});
          }};
}

// All kernels, in the order of GERBERT_KERNELS.
const Entry* entries(int* count);
// How many numbers the block must hold for any of them, the kernel's own included.
constexpr int blockNumbers = 256;

}  // namespace gerbert
