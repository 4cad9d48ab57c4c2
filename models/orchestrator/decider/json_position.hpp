#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace soundcheck::conductor {

// One step from a JSON value to a value inside it: a member's name or an element's index.
using JsonStep = std::variant<std::string, std::size_t>;

struct JsonPosition {
  int line = 1;
  int column = 1;
};

// Where the value at `path` begins in a JSON text (for a member: its name). The text must be JSON;
// if the path leaves the document, the last value on the way is where it is reported.
JsonPosition position_of(std::string_view text, const std::vector<JsonStep>& path);
// The line and column of a byte.
JsonPosition position_at(std::string_view text, std::size_t byte);
// As people write it: tasks[2].name
std::string path_text(const std::vector<JsonStep>& path);

}  // namespace soundcheck::conductor
