// The one exception of the addon. Thrown before a kernel writes anything, caught in the binding.
#pragma once

#include <string>
#include <utility>

namespace gerbert {

struct Error {
  const char* code;
  std::string message;
  Error(const char* code, std::string message) : code(code), message(std::move(message)) {}
};

}  // namespace gerbert
