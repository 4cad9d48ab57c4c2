#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace soundcheck {

namespace detail {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kPooled = false;
#elif defined(__has_feature)
inline constexpr bool kPooled = !__has_feature(address_sanitizer);
#else
inline constexpr bool kPooled = true;
#endif

inline constexpr std::size_t kPoolClass = 64;
inline constexpr std::size_t kPoolLargest = 4096;

struct FreeBlock {
  FreeBlock* next;
};
inline constinit std::array<FreeBlock*, kPoolLargest / kPoolClass + 1> free_blocks{};  // by class

constexpr std::size_t pool_class(std::size_t size) {
  return (size + kPoolClass - 1) / kPoolClass;
}
void* pool_grow(std::size_t size);

}  // namespace detail

// Memory for coroutine frames and messages: blocks of 64-byte size classes that are kept for reuse,
// because a run allocates and frees the same few sizes millions of times. Blocks above 4 KiB, and
// all blocks in sanitizer builds, come from operator new. Not for use by several threads.
inline void* pool_allocate(std::size_t size) {
  if (!detail::kPooled || size > detail::kPoolLargest) return ::operator new(size);
  detail::FreeBlock*& head = detail::free_blocks[detail::pool_class(size)];
  detail::FreeBlock* const block = head;
  if (block == nullptr) return detail::pool_grow(size);
  head = block->next;
  return block;
}

inline void pool_free(void* block, std::size_t size) noexcept {
  if (!detail::kPooled || size > detail::kPoolLargest) {
    ::operator delete(block, size);
    return;
  }
  auto* const free_block = static_cast<detail::FreeBlock*>(block);
  detail::FreeBlock*& head = detail::free_blocks[detail::pool_class(size)];
  free_block->next = head;
  head = free_block;
}

}  // namespace soundcheck
