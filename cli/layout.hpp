#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundcheck::cli {

// How wide lines are that go to standard output, or to standard error: what COLUMNS says, or else
// the terminal there, from 60 to 160; 100 where there is none. Never what is written to files.
std::size_t output_width();
std::size_t error_width();

// Breaks a text at blanks so that no line is wider than `width` characters, and puts `indent`
// blanks in front of each line but the first. Words that are longer stay whole. Line breaks of the
// text stay.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = output_width());

struct Row {
  std::string name;
  std::string text;
};
// Two columns: names, and texts that start below one another and are wrapped. Names longer than
// most get a line of their own. Ends with a line break.
std::string two_columns(const std::vector<Row>& rows, std::size_t indent = 2);

// A word of a command line, quoted for the shell if it has to be.
std::string shell_quoted(std::string_view word);

// "run, show or verify".
std::string joined_with_or(const std::vector<std::string>& names);

}  // namespace soundcheck::cli
