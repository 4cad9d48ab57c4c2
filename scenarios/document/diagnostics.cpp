#include "scenarios/document/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/core/printable.hpp"

namespace soundcheck {
namespace {

constexpr std::size_t kMostPrinted = 100;
constexpr int kWidestLine = 160;

// Part of a line, at most kWidestLine characters that include `column`; `start` becomes the
// characters left out.
std::string excerpt(std::string_view line, int column, int& start) {
  std::vector<std::string> characters;
  for (const char c : line) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues || characters.empty()) characters.emplace_back();
    characters.back() += c == '\t' || c == '\r' ? ' ' : c;
  }
  const int size = static_cast<int>(characters.size());
  start = size <= kWidestLine ? 0 : std::clamp(column - kWidestLine / 2, 0, size - kWidestLine);
  std::string result;
  for (int i = start; i < std::min(size, start + kWidestLine); ++i) {
    const std::string& character = characters[static_cast<std::size_t>(i)];
    result += first_unprintable(character) == std::string::npos ? character : "\ufffd";
  }
  return result;
}

std::string_view level_of(const Mistake& mistake) {
  return mistake.is_warning ? "warning" : "error";
}

// A name may be as long as its file.
std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 500;
  return printable(text.size() <= kLongest ? text : text.substr(0, kLongest) + "...");
}

}  // namespace

Diagnostics::Diagnostics(Sources sources, Mistakes mistakes)
    : sources_(std::move(sources)), mistakes_(std::move(mistakes)) {
  std::ranges::sort(mistakes_, {}, [](const Mistake& m) {
    return std::tie(m.position.source, m.position.line, m.position.column, m.code, m.path,
                    m.sentence);
  });
}

std::size_t Diagnostics::warnings() const {
  return static_cast<std::size_t>(std::ranges::count_if(mistakes_, &Mistake::is_warning));
}

std::string Diagnostics::text() const {
  std::string result;
  for (std::size_t i = 0; i < std::min(mistakes_.size(), kMostPrinted); ++i) {
    result += text_of(mistakes_[i]);
  }
  if (mistakes_.size() > kMostPrinted) {
    result += fmt::format("... and {} more\n", mistakes_.size() - kMostPrinted);
  }
  return result;
}

std::string Diagnostics::text_of(const Mistake& mistake) const {
  const SourcePosition& where = mistake.position;
  const Source& source = sources_.at(static_cast<std::size_t>(where.source));
  const std::string code = to_text(mistake.code);
  std::string result = printable(source.name());
  if (where.line > 0) result += fmt::format(":{}:{}", where.line, where.column);
  result += fmt::format(": {}[{}]: {}{}{}\n", level_of(mistake), code, shortened(mistake.path),
                        mistake.path.empty() ? "" : ": ", shortened(mistake.sentence));
  if (const std::string_view line = source.line(where.line); where.line > 0 && !line.empty()) {
    int start = 0;
    const std::string shown = excerpt(line, where.column, start);
    const int caret = where.column - 1 - start;
    const int width = std::clamp(where.width, 1, std::max(1, characters_in(shown) - caret));
    result += fmt::format("{:>5} | {}\n      | {}{}{}{}\n", where.line, shown,
                          std::string(static_cast<std::size_t>(std::max(0, caret)), ' '),
                          std::string(static_cast<std::size_t>(width), '^'),
                          mistake.hint.empty() ? "" : " ", printable(mistake.hint));
  } else if (!mistake.hint.empty()) {
    result += fmt::format("    hint: {}\n", printable(mistake.hint));
  }
  if (!mistake.note.empty()) {
    result +=
        fmt::format("    note: {}   (soundcheck explain {})\n", printable(mistake.note), code);
  }
  return result;
}

Json Diagnostics::json() const {
  Json list = Json::array();
  for (const Mistake& mistake : mistakes_) {
    list.push_back({{"file", sources_.at(static_cast<std::size_t>(mistake.position.source)).name()},
                    {"line", mistake.position.line},
                    {"column", mistake.position.column},
                    {"level", level_of(mistake)},
                    {"code", to_text(mistake.code)},
                    {"path", mistake.path},
                    {"message", mistake.sentence},
                    {"hint", mistake.hint},
                    {"note", mistake.note}});
  }
  return list;
}

}  // namespace soundcheck
