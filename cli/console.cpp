#include "cli/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/layout.hpp"
#include "sim/core/printable.hpp"

namespace soundcheck::cli {
namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kGreen = "\x1b[1;32m";
constexpr std::string_view kPlain = "\x1b[0m";

bool environment_wants_color() {
  const char* refused = std::getenv("NO_COLOR");  // https://no-color.org
  const char* terminal = std::getenv("TERM");
  return (refused == nullptr || *refused == '\0') &&
         !(terminal != nullptr && std::string_view(terminal) == "dumb");
}

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::string painted(std::string_view color, std::string_view text) {
  return fmt::format("{}{}{}", color, text, kPlain);
}

}  // namespace

Console::Console()
    : output_is_terminal_(isatty(STDOUT_FILENO) == 1),
      errors_are_terminal_(isatty(STDERR_FILENO) == 1) {
  set_color(ColorChoice::kAuto);
}

void Console::set_color(ColorChoice choice) {
  const bool wanted =
      choice == ColorChoice::kAlways || (choice == ColorChoice::kAuto && environment_wants_color());
  const bool always = choice == ColorChoice::kAlways;
  colors_output_ = wanted && (always || output_is_terminal_);
  colors_errors_ = wanted && (always || errors_are_terminal_);
}

void Console::print(std::string_view text) {
  write(stdout, text);
}

void Console::say(std::string_view text) {
  std::fflush(stdout);  // keeps the order where both streams end in one place
  write(stderr, text);
}

void Console::complain(std::string_view sentence, std::string_view hint) {
  const std::string head = colors_errors_ ? painted(kRed, "error:") : "error:";
  say(fmt::format("soundcheck: {} {}\n", head, printable(sentence)));
  if (!hint.empty()) say(fmt::format("  {}\n", wrapped(printable(hint), 2, error_width())));
}

bool Console::flush() {
  const bool fine = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  std::fflush(stderr);
  return fine;
}

std::string with_colors(std::string_view diagnostics) {
  std::string result;
  while (!diagnostics.empty()) {
    const std::size_t end = std::min(diagnostics.find('\n'), diagnostics.size());
    const std::string_view line = diagnostics.substr(0, end);
    const bool warns = line.find(" warning[") != std::string_view::npos;
    const std::size_t error = line.find(warns ? " warning[" : " error[");
    const std::size_t bar = line.find(" | ");
    const std::size_t caret = line.find('^');
    if (error != std::string_view::npos) {
      const std::size_t stop = std::min(line.find(']', error), line.size() - 1) + 1;
      result += fmt::format("{}{}{}", line.substr(0, error),
                            painted(warns ? kYellow : kRed, line.substr(error, stop - error)),
                            line.substr(stop));
    } else if (bar != std::string_view::npos && caret != std::string_view::npos &&
               line.find_first_not_of(" |") == caret) {
      result += fmt::format("{}{}", line.substr(0, caret), painted(kGreen, line.substr(caret)));
    } else {
      result += line;
    }
    if (end < diagnostics.size()) result += '\n';
    diagnostics.remove_prefix(std::min(end + 1, diagnostics.size()));
  }
  return result;
}

}  // namespace soundcheck::cli
