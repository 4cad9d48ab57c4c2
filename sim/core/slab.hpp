#pragma once

#include <cstdint>
#include <memory>
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
    ++in_use_;
    if (first_free_ == kNone) add();
    const std::uint32_t index = first_free_;
    const Entry& taken = entry(index);
    first_free_ = taken.next_free;
    return {index, taken.generation};
  }

  void give_back(Handle<Tag> handle) {
    Entry& used = entry(handle.index);
    SOUNDCHECK_ASSERT(used.generation == handle.generation, "slab entry {} given back twice",
                      handle.index);
    if (++used.generation == 0) used.generation = 1;
    used.next_free = first_free_;
    first_free_ = handle.index;
    --in_use_;
  }

  // The entry, or null when the handle is stale.
  T* find(Handle<Tag> handle) {
    if (handle.index >= size_) return nullptr;
    Entry& used = entry(handle.index);
    return used.generation == handle.generation ? &used.value : nullptr;
  }
  T& operator[](Handle<Tag> handle) { return entry(handle.index).value; }
  // Every entry ever handed out, in use or not: the owner tells them apart by a member of T.
  T& at_index(std::uint32_t index) { return entry(index).value; }
  Handle<Tag> handle_at(std::uint32_t index) const { return {index, entry(index).generation}; }
  std::uint32_t size() const { return size_; }
  std::size_t in_use() const { return in_use_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Entry {
    T value{};
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNone;
  };
  static constexpr std::uint32_t kChunkBits = 8;
  static constexpr std::uint32_t kChunkMask = (1u << kChunkBits) - 1;

  Entry& entry(std::uint32_t index) const {
    return chunks_[index >> kChunkBits][index & kChunkMask];
  }
  [[gnu::cold, gnu::noinline]] void add() {
    if ((size_ & kChunkMask) == 0) chunks_.push_back(std::make_unique<Entry[]>(kChunkMask + 1));
    first_free_ = size_++;
  }

  std::vector<std::unique_ptr<Entry[]>> chunks_;
  std::uint32_t first_free_ = kNone;
  std::uint32_t size_ = 0;
  std::size_t in_use_ = 0;
};

}  // namespace soundcheck
