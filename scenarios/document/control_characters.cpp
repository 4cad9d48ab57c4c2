#include "scenarios/document/control_characters.hpp"

#include <cstddef>

#include "sim/core/printable.hpp"

namespace soundcheck {

std::string control_character_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t next = first_unprintable(text.substr(i));
    if (next == std::string_view::npos) break;
    i += next;
    if (text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
      return "a control character in a text: " + printable(text);
  }
  return {};
}

}  // namespace soundcheck
