#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "sim/core/fingerprint.hpp"
#include "sim/events/event.hpp"
#include "sim/events/names.hpp"

namespace soundcheck {

// Raised whenever a change of the program changes digests of unchanged runs.
inline constexpr std::uint64_t kDigestFormat = 1;

class EventListener {
 public:
  virtual ~EventListener() = default;
  virtual void on_event(const Event& event) = 0;
};

// Everything that a run tells. Each event is mixed into the digest once, then handed to the
// listeners of its kind; models never know who listens, and no listener can change the digest.
class EventStream {
 public:
  EventStream() { digest_.add(kDigestFormat); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  template <TypedEvent T>
  void emit(Time at, const T& fields) {
    emit(Event::of(fields, at));
  }
  void emit(const Event& event) {
    event.mix_into(digest_);
    ++count_;
    for (EventListener* const listener : listeners_[static_cast<std::size_t>(event.kind)])
      listener->on_event(event);
  }

  // The listener outlives the stream's use. No kinds: all kinds.
  void listen(EventListener& listener, std::initializer_list<EventKind> kinds = {});

  Names& names() { return names_; }
  const Names& names() const { return names_; }
  const Fingerprint& digest() const { return digest_; }
  std::uint64_t count() const { return count_; }

 private:
  Names names_;
  Fingerprint digest_;
  std::uint64_t count_ = 0;
  std::array<std::vector<EventListener*>, static_cast<std::size_t>(EventKind::kCount)> listeners_;
};

}  // namespace soundcheck
