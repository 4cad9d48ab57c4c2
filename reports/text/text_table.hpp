#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soundcheck {

enum class Align : std::uint8_t { kLeft, kRight };

// Rows of texts set in aligned columns, for a terminal. Widths are counted in characters (UTF-8,
// each of width 1). What is too wide as a whole is taken from the widest left-aligned column, which
// then ends in "…".
class TextTable {
 public:
  struct Column {
    std::string heading;
    Align align = Align::kRight;
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Characters that a terminal would obey are written out.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // Lines with an end of line each, indented, at most `width` columns; the headings first unless
  // all are empty. No blanks at the ends of lines.
  std::string text(std::size_t indent, std::size_t width) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::size_t columns_of_text(std::string_view text);
std::string shorten(std::string_view text, std::size_t width);  // "a long tit…"
// Breaks a text at blanks; continued lines are indented.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace soundcheck
