#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What can happen in a run; one line a kind in event_kinds.def, with the meaning of the fields.
enum class EventKind : std::uint16_t {
#define SOUNDCHECK_EVENT(name, text, fields) name,
#include "sim/events/event_kinds.def"
#undef SOUNDCHECK_EVENT
  kCount
};
std::string_view name_of(EventKind kind);

// Whether a request did what it was asked. Unknown: the caller cannot tell (a timeout, a reset
// after sending).
enum class RequestOutcome : std::uint16_t { kOk, kFailed, kUnknown };

// One entry of the event stream. Fields that a kind does not name are zero.
struct Event {
  Time at;
  EventKind kind{};
  std::uint16_t code = 0;  // an ErrorCode + 1, a RequestOutcome, a status: see the kind
  ProcessId process;       // where it happened
  std::uint64_t trace = 0;
  std::uint64_t saga = 0;
  NameId name;  // a method, request type, step, fault: see the kind
  NameId other;
  std::int64_t value = 0;
  std::int64_t extra = 0;
};
static_assert(sizeof(Event) <= 64 && std::is_trivially_copyable_v<Event>);

}  // namespace soundcheck
