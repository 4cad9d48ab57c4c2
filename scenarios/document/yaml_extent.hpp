#pragma once

#include <cstddef>
#include <string_view>

namespace soundcheck {

// How far a single value reaches in the text of its file. The YAML library says where a value
// begins, and takes whatever follows a quote that nobody closed for its text.
struct ScalarExtent {
  std::size_t begin = 0;  // its first byte, behind an anchor or a tag
  std::size_t end = 0;    // behind its last byte; that of the text if its quote is not closed
  bool is_closed = true;
};

// `value` begins at byte `at` and was read as that text. `is_plain`: it is neither quoted nor a
// block. `outer` is the indentation of what it belongs to, -1 if that is nothing.
ScalarExtent extent_of_scalar(std::string_view text, std::size_t at, std::string_view value,
                              bool is_plain, int outer);

// How far a line is indented; -1 if nothing stands in it.
int indentation_of(std::string_view line);

// The name of the field that a line would be if it were no part of a text: "defects" of
// "  - defects: [x]"; empty if it does not look like one. Lines that end like those of a script do
// not.
std::string_view field_in(std::string_view line);

}  // namespace soundcheck
