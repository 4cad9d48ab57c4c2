#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/ids.hpp"

namespace soundcheck {

// Objects of one kind that come and go millions of times: entries are reused, never freed, and
// named by Handle, so that a stale name is recognised instead of reaching the next object in the
// same place. Addresses are stable. T is default constructible; take() hands out an entry in
// whatever state its last user left it.
template <class T, class Tag = T>
class Slab {
 public:
  Handle<Tag> take() {
    if (free_.empty()) {
      entries_.emplace_back();
      return {static_cast<std::uint32_t>(entries_.size() - 1), entries_.back().generation};
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return {index, entries_[index].generation};
  }

  void give_back(Handle<Tag> handle) {
    Entry& entry = entries_[handle.index];
    SOUNDCHECK_ASSERT(entry.generation == handle.generation, "slab entry {} given back twice",
                      handle.index);
    if (++entry.generation == 0) entry.generation = 1;
    free_.push_back(handle.index);
  }

  // The entry, or null when the handle is stale.
  T* find(Handle<Tag> handle) {
    if (handle.index >= entries_.size()) return nullptr;
    Entry& entry = entries_[handle.index];
    return entry.generation == handle.generation ? &entry.value : nullptr;
  }
  T& operator[](Handle<Tag> handle) { return entries_[handle.index].value; }
  T& at_index(std::uint32_t index) { return entries_[index].value; }
  std::size_t in_use() const { return entries_.size() - free_.size(); }
  std::size_t capacity() const { return entries_.size(); }

 private:
  struct Entry {
    T value{};
    std::uint32_t generation = 1;
  };
  std::deque<Entry> entries_;
  std::vector<std::uint32_t> free_;
};

}  // namespace soundcheck
