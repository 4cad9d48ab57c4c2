#include "cli/layout.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "reports/text/text_table.hpp"
#include "sim/core/printable.hpp"
#include "sim/core/units.hpp"

namespace soundcheck::cli {
namespace {

constexpr std::size_t kNarrowest = 60;
constexpr std::size_t kUsual = 100;
constexpr std::size_t kWidest = 160;
constexpr std::size_t kWidestName = 28;
constexpr std::size_t kGap = 2;

std::size_t width_of(std::string_view text) {
  return columns_of_text(text);
}

std::size_t width_at(int stream) {
  const char* const wanted = std::getenv("COLUMNS");
  std::int64_t width = parse_integer(wanted == nullptr ? "" : wanted).value_or(0);
  winsize size{};
  if (width <= 0 && ioctl(stream, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width <= 0) return kUsual;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(width, kNarrowest, kWidest));
}

// $'...', as bash reads it, with nothing but printable ASCII in it.
std::string ansi_quoted(std::string_view word) {
  std::string result = "$'";
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + "'";
}

}  // namespace

std::size_t output_width() {
  return width_at(STDOUT_FILENO);
}
std::size_t error_width() {
  return width_at(STDERR_FILENO);
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string result;
  std::size_t column = indent;
  bool line_is_empty = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (!word.empty()) {
      if (!line_is_empty && column + 1 + width_of(word) > width) {
        result += '\n' + margin;
        column = indent;
        line_is_empty = true;
      }
      if (!line_is_empty) {
        result += ' ';
        ++column;
      }
      result += word;
      column += width_of(word);
      line_is_empty = false;
    }
    if (end < text.size() && text[end] == '\n') {
      result += '\n' + margin;
      column = indent;
      line_is_empty = true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string two_columns(const std::vector<Row>& rows, std::size_t indent) {
  std::size_t column = 0;
  for (const Row& row : rows) {
    const std::size_t width = width_of(row.name);
    if (width <= kWidestName) column = std::max(column, width);
  }
  column += indent + kGap;
  std::string result;
  for (const Row& row : rows) {
    result += std::string(indent, ' ') + row.name;
    if (!row.text.empty()) {
      const std::size_t used = indent + width_of(row.name);
      result +=
          used + kGap > column ? '\n' + std::string(column, ' ') : std::string(column - used, ' ');
      result += wrapped(row.text, column);
    }
    result += '\n';
  }
  return result;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%@";
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string_view::npos) {
    return std::string(word);
  }
  if (first_unprintable(word) != std::string_view::npos) return ansi_quoted(word);
  std::string result = "'";
  for (const char c : word) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string joined_with_or(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " or " : ", ";
    result += names[i];
  }
  return result;
}

}  // namespace soundcheck::cli
