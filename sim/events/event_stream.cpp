#include "sim/events/event_stream.hpp"

namespace soundcheck {

void EventStream::listen(EventListener& listener, std::initializer_list<EventKind> kinds) {
  if (kinds.size() == 0) {
    for (auto& of_kind : listeners_) of_kind.push_back(&listener);
    return;
  }
  for (const EventKind kind : kinds)
    listeners_[static_cast<std::size_t>(kind)].push_back(&listener);
}

}  // namespace soundcheck
