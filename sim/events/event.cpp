#include "sim/events/event.hpp"

#include <array>

namespace soundcheck {

std::string_view name_of(EventKind kind) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(EventKind::kCount)> kNames{
#define SOUNDCHECK_FIELD(slot, Type, name)
#define SOUNDCHECK_EVENT(Kind, text, fields) text,
#include "sim/events/event_kinds.def"
  };
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace soundcheck
