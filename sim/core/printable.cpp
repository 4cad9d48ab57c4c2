#include "sim/core/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace soundcheck {
namespace {

// The character at `at` and its length, if it is one of those that are written out; else 0 bytes.
struct Unprintable {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

Unprintable unprintable_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x20 || first == 0x7f) return {first, 1};
  if (first == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return {byte(1), 2};
  if (first == 0xe2 && (byte(1) == 0x80 || byte(1) == 0x81)) {
    const std::uint32_t code = 0x2000 + (byte(1) & 0x3f) * 0x40 + (byte(2) & 0x3f);
    const bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    const bool ends_a_line = code == 0x2028 || code == 0x2029;
    if (turns || ends_a_line) return {code, 3};
  }
  return {};
}

}  // namespace

std::size_t first_unprintable(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (unprintable_at(text, at).bytes > 0) return at;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Unprintable found = unprintable_at(text, at);
    if (found.bytes == 0) {
      result += text[at++];
      continue;
    }
    if (found.code == '\n') {
      result += "\\n";
    } else if (found.code == '\t') {
      result += "\\t";
    } else if (found.code < 0x100) {
      result += fmt::format("\\x{:02x}", found.code);
    } else {
      result += fmt::format("\\u{:04x}", found.code);
    }
    at += found.bytes;
  }
  return result;
}

}  // namespace soundcheck
