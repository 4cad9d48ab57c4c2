#include "scenarios/document/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>

namespace soundcheck {
namespace {

namespace fs = std::filesystem;
using FileError = std::unexpected<std::string>;

// Length of the UTF-8 sequence at the front of `text`; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  return length;
}

std::string read_at_most(std::istream& stream, std::size_t limit) {
  std::string text(limit, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool control = c < 0x20 && c != '\n' && c != '\r' && c != '\t';
    const std::size_t length = control ? 0 : sequence_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

Parsed<std::string> read_text_file(const fs::path& path) {
  const std::string name = path.string();
  std::string text;
  if (name == "-") {
    text = read_at_most(std::cin, kLargestFile + 1);
  } else {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
      return FileError(fmt::format("there is no file '{}'", name));
    }
    if (fs::is_directory(status)) return FileError(fmt::format("'{}' is a folder", name));
    if (error) return FileError(fmt::format("'{}' cannot be opened: {}", name, error.message()));
    if (!fs::is_regular_file(status)) {
      return FileError(fmt::format("'{}' is not an ordinary file", name));
    }
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return FileError(fmt::format("'{}' may not be opened for reading", name));
    text = read_at_most(stream, kLargestFile + 1);
    if (stream.bad()) return FileError(fmt::format("'{}' cannot be read", name));
  }
  if (text.size() > kLargestFile) {
    return FileError(fmt::format("'{}' is larger than {} MiB", name, kLargestFile >> 20));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // byte order mark
  if (const auto bad = first_bad_byte(text)) {
    const auto line = 1 + std::ranges::count(text.substr(0, *bad), '\n');
    return FileError(fmt::format("'{}' is not a text file: byte 0x{:02x} in line {}", name,
                                 static_cast<unsigned char>(text[*bad]), line));
  }
  return text;
}

Source::Source(std::string name, fs::path folder, std::string text)
    : name_(std::move(name)), folder_(std::move(folder)), text_(std::move(text)), line_starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::string_view Source::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts_.size()) return {};
  std::string_view rest = text_;
  rest.remove_prefix(line_starts_[static_cast<std::size_t>(number) - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

int characters_in(std::string_view text) {
  return static_cast<int>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace soundcheck
