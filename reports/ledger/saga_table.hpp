#pragma once

#include <cstdint>
#include <vector>

#include "reports/ledger/saga_record.hpp"

namespace soundcheck {

// Sagas in the order in which they began, found by id: open addressing with linear probing over
// positions, so that nothing is allocated for a saga but its place.
class SagaTable {
 public:
  SagaRecord* find(std::uint64_t id) {
    const std::uint32_t slot = slot_of(id);
    return slots_.empty() || slots_[slot] == kFree ? nullptr : &records_[slots_[slot]];
  }
  const SagaRecord* find(std::uint64_t id) const { return const_cast<SagaTable*>(this)->find(id); }
  // The id must not be in the table.
  SagaRecord& add(std::uint64_t id) {
    if ((records_.size() + 1) * 4 > slots_.size() * 3) grow();
    slots_[slot_of(id)] = static_cast<std::uint32_t>(records_.size());
    records_.push_back({.id = id});
    return records_.back();
  }
  const std::vector<SagaRecord>& records() const { return records_; }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  // Where the id is, or where it would go.
  std::uint32_t slot_of(std::uint64_t id) const {
    if (slots_.empty()) return 0;
    const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
    auto slot = static_cast<std::uint32_t>((id * 0x9e3779b97f4a7c15ULL) >> 32) & mask;
    while (slots_[slot] != kFree && records_[slots_[slot]].id != id) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, kFree);
    for (std::uint32_t i = 0; i < records_.size(); ++i) slots_[slot_of(records_[i].id)] = i;
  }

  std::vector<SagaRecord> records_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace soundcheck
