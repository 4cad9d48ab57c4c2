#pragma once

#include <cstdint>
#include <vector>

#include "reports/ledger/saga_record.hpp"

namespace soundcheck {

// Sagas in the order in which they began, found by id: open addressing with linear probing, at most
// half full. A slot keeps a part of the hash, so that probing hardly ever touches other records.
class SagaTable {
 public:
  SagaRecord* find(std::uint64_t id) {
    const Slot slot = slots_.empty() ? Slot() : slots_[place_of(id)];
    return slot.position == kFree ? nullptr : &records_[slot.position];
  }
  const SagaRecord* find(std::uint64_t id) const { return const_cast<SagaTable*>(this)->find(id); }
  // The id must not be in the table.
  SagaRecord& add(std::uint64_t id) {
    if ((records_.size() + 1) * 2 > slots_.size()) grow();
    slots_[place_of(id)] = {static_cast<std::uint32_t>(records_.size()), tag_of(id)};
    records_.push_back({.id = id});
    return records_.back();
  }
  const std::vector<SagaRecord>& records() const { return records_; }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};
  struct Slot {
    std::uint32_t position = kFree;
    std::uint32_t tag = 0;
  };

  static std::uint64_t hash_of(std::uint64_t id) { return id * 0x9e3779b97f4a7c15ULL; }
  static std::uint32_t tag_of(std::uint64_t id) { return static_cast<std::uint32_t>(hash_of(id)); }
  // Where the id is, or where it would go.
  std::size_t place_of(std::uint64_t id) const {
    const std::size_t mask = slots_.size() - 1;
    const std::uint32_t tag = tag_of(id);
    std::size_t place = (hash_of(id) >> 32) & mask;
    while (slots_[place].position != kFree &&
           (slots_[place].tag != tag || records_[slots_[place].position].id != id))
      place = (place + 1) & mask;
    return place;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, Slot());
    for (std::uint32_t i = 0; i < records_.size(); ++i) {
      const std::uint64_t id = records_[i].id;
      slots_[place_of(id)] = {i, tag_of(id)};
    }
  }

  std::vector<SagaRecord> records_;
  std::vector<Slot> slots_;
};

}  // namespace soundcheck
