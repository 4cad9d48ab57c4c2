#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/checkers/violation.hpp"

namespace soundcheck {

// A key that its invariant's query returns now.
struct BrokenKey {
  Time since;
  std::uint64_t saga = 0;     // the one that the key belongs to; 0 if unknown
  std::uint64_t breaker = 0;  // the one that committed the change
  bool convicted = false;     // it counts as a violation
  std::size_t kept_at = 0;    // position among the kept violations; kNotKept
  static constexpr std::size_t kNotKept = ~std::size_t{0};

  std::uint64_t culprit() const { return saga != 0 ? saga : breaker; }
};

// The keys of all invariants that are broken now, and which sagas they wait for. Memory: by broken
// key, which are few.
class BrokenKeys {
 public:
  explicit BrokenKeys(std::size_t invariants) : keys_(invariants) {}

  const std::map<std::string, BrokenKey>& of(std::uint32_t invariant) const {
    return keys_[invariant];
  }
  bool any(std::uint32_t invariant) const { return !keys_[invariant].empty(); }
  BrokenKey* find(std::uint32_t invariant, const std::string& key) {
    const auto found = keys_[invariant].find(key);
    return found == keys_[invariant].end() ? nullptr : &found->second;
  }
  BrokenKey& add(std::uint32_t invariant, const std::string& key, BrokenKey broken) {
    for (const std::uint64_t saga : {broken.saga, broken.breaker}) {
      if (saga != 0) by_saga_[saga].emplace(invariant, key);
    }
    return keys_[invariant].emplace(key, broken).first->second;
  }
  void remove(std::uint32_t invariant, const std::string& key) {
    const auto found = keys_[invariant].find(key);
    for (const std::uint64_t saga : {found->second.saga, found->second.breaker}) {
      const auto of_saga = by_saga_.find(saga);
      if (of_saga == by_saga_.end()) continue;
      of_saga->second.erase({invariant, key});
      if (of_saga->second.empty()) by_saga_.erase(of_saga);
    }
    keys_[invariant].erase(found);
  }
  using Name = std::pair<std::uint32_t, std::string>;
  // What is broken on account of a saga; a copy, as the answer may change while it is used.
  std::vector<Name> of_saga(std::uint64_t saga) const {
    const auto found = by_saga_.find(saga);
    if (found == by_saga_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  std::vector<std::map<std::string, BrokenKey>> keys_;
  std::map<std::uint64_t, std::set<Name>> by_saga_;
};

}  // namespace soundcheck
