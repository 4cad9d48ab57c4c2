#include "reports/recorder/last_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <type_traits>

#include "sim/core/error_code.hpp"
#include "sim/core/units.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {
namespace {

// The fields of an event, " name=value" each; those that say nothing are left out.
class Fields {
 public:
  explicit Fields(World& world) : world_(world) {}

  template <class T>
  void add(const char* name, const T& value) {
    const std::string text = text_of(value);
    if (text.empty()) return;
    text_ += fmt::format(" {}={}", name, text);
    if (std::is_same_v<T, NameId> && subject_.empty()) subject_ = text;
  }
  const std::string& text() const { return text_; }
  // What it is about: the first of its names.
  const std::string& subject() const { return subject_; }

 private:
  std::string text_of(ProcessId process) const {
    return process.valid() ? text_of(world_.process(process).name) : std::string();
  }
  std::string text_of(NameId name) const { return std::string(world_.names().text(name)); }
  static std::string text_of(Duration duration) { return to_text(duration); }
  static std::string text_of(ErrorCode code) { return std::string(name_of(code)); }
  static std::string text_of(const std::optional<ErrorCode>& code) {
    return code ? text_of(*code) : std::string();
  }
  template <class T>
    requires(std::is_enum_v<T> || std::is_integral_v<T>)
  static std::string text_of(T value) {
    const auto number = static_cast<std::int64_t>(value);
    return number == 0 ? std::string() : std::to_string(number);
  }

  World& world_;
  std::string text_;
  std::string subject_;
};

Fields fields_of(const Event& event, World& world) {
  Fields fields(world);
  switch (event.kind) {
#define SOUNDCHECK_FIELD(slot, Type, name) fields.add(#name, typed.name);
#define SOUNDCHECK_EVENT(Kind, text, all_fields) \
  case EventKind::k##Kind: {                     \
    const Kind typed = event.as<Kind>();         \
    all_fields break;                            \
  }
#include "sim/events/event_kinds.def"
    case EventKind::kCount:
      break;
  }
  return fields;
}

}  // namespace

LastEvents::LastEvents(World& world) : world_(world) {
  world.events().listen(*this);
}

std::string LastEvents::text() const {
  std::string text;
  for (std::size_t i = 0; i < kept(); ++i) {
    const Event& one = event(i);
    text += fmt::format("{:.9f} s  {}{}\n", one.at.since_start().in_seconds(), name_of(one.kind),
                        fields_of(one, world_).text());
  }
  return text;
}

std::string LastEvents::most_frequent() const {
  std::map<std::string, std::size_t> counts;
  for (std::size_t i = 0; i < kept(); ++i) {
    const std::string subject = fields_of(event(i), world_).subject();
    ++counts[std::string(name_of(event(i).kind)) + (subject.empty() ? "" : " " + subject)];
  }
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return most == counts.end() ? std::string() : most->first;
}

}  // namespace soundcheck
