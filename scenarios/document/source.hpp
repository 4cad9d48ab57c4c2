#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/parameters_node.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// Largest file that is read as a scenario, an include or a table.
inline constexpr std::size_t kLargestFile = 4 * 1024 * 1024;

// The content of a text file, or a sentence: the file is missing, a folder, not to be opened, too
// large, or no text (UTF-8). "-" is standard input.
Parsed<std::string> read_text_file(const std::filesystem::path& path);

// The first byte that is no part of a text (UTF-8 without control characters), if there is one.
std::optional<std::size_t> first_bad_byte(std::string_view text);

// One text that configuration came from: a file, or the argument of --set.
class Source {
 public:
  Source(std::string name, std::filesystem::path folder, std::string text);

  const std::string& name() const { return name_; }                // as shown to people
  const std::filesystem::path& folder() const { return folder_; }  // paths are relative to it
  const std::string& text() const { return text_; }
  std::string_view line(int number) const;  // counted from 1; without its line ending

 private:
  std::string name_;
  std::filesystem::path folder_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

using Sources = std::vector<Source>;

// How many characters (code points) UTF-8 text has.
int characters_in(std::string_view text);

}  // namespace soundcheck
