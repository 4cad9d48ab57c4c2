#include "sim/env/completion.hpp"

#include "sim/env/scope.hpp"

namespace soundcheck {

SlotRef Completions::open(WaiterBase& waiter, Scope& scope) {
  const SlotRef slot = entries_.take();
  entries_[slot] = Entry{&waiter, waiter.coroutine, &scope, false};
  waiter.slot = slot;
  return slot;
}

void Completions::close(SlotRef slot) {
  if (entries_.find(slot) != nullptr) entries_.give_back(slot);
}

Completions::Entry* Completions::take_waiter(SlotRef slot) {
  Entry* const entry = entries_.find(slot);
  if (entry == nullptr || entry->completed || entry->scope->doomed()) {
    ++dropped_;
    return nullptr;
  }
  entry->completed = true;
  return entry;
}

void Completions::wake(void* self, std::uint64_t packed_slot) {
  auto& completions = *static_cast<Completions*>(self);
  const auto slot = SlotRef::unpack(packed_slot);
  Entry* const entry = completions.entries_.find(slot);
  if (entry == nullptr || entry->scope->doomed()) return;  // the waiter has gone, or is about to
  if (entry->scope->gate().holds({&Completions::wake, self, packed_slot})) return;
  WaiterBase* const waiter = entry->waiter;
  completions.entries_.give_back(slot);
  waiter->slot = {};
  resume_coroutine(*waiter->coroutine);
}

}  // namespace soundcheck
