#include "reports/text/text_table.hpp"

#include <algorithm>

#include "sim/core/printable.hpp"

namespace soundcheck {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t columns_of_text(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues_character(byte); }));
}

std::string shorten(std::string_view text, std::size_t width) {
  if (columns_of_text(text) <= width) return std::string(text);
  std::size_t columns = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    if (!continues_character(text[end]) && ++columns == width) break;
    ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t columns = columns_of_text(word);
    if (used > 0 && used + 1 + columns > width) {
      result += '\n';
      result.append(indent, ' ');
      used = indent;
    } else if (used > 0) {
      result += ' ';
      ++used;
    }
    result += word;
    used += columns;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

void TextTable::add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::size_t indent, std::size_t width) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(columns_of_text(column.heading));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of_text(row[i]));
  }
  std::size_t total = indent + kGap * (widths.size() - 1);
  for (const std::size_t column : widths) total += column;
  while (total > width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].align == Align::kLeft && widths[i] > kNarrowest &&
          (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
    --total;
  }

  std::string result;
  const auto add_line = [&](const auto& cell_of) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = shorten(cell_of(i), widths[i]);
      const std::size_t padding = widths[i] - columns_of_text(cell);
      if (i > 0) line.append(kGap, ' ');
      if (columns_[i].align == Align::kRight) line.append(padding, ' ');
      line += cell;
      if (columns_[i].align == Align::kLeft) line.append(padding, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  };
  const bool headed =
      std::ranges::any_of(columns_, [](const Column& column) { return !column.heading.empty(); });
  if (headed) add_line([&](std::size_t i) -> const std::string& { return columns_[i].heading; });
  static const std::string nothing;
  for (const auto& row : rows_)
    add_line(
        [&](std::size_t i) -> const std::string& { return i < row.size() ? row[i] : nothing; });
  return result;
}

}  // namespace soundcheck
