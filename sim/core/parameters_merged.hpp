#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/core/parameters.hpp"

namespace soundcheck {

// Several tables whose parameters stand side by side in one map of the file, while each keeps its
// own struct: the settings of all services under `business:`. The tables must outlive this one, and
// no two may name a parameter alike (asserted).
class MergedTable final : public AnyParameterTable {
 public:
  MergedTable(std::string name, std::string help,
              const std::vector<const AnyParameterTable*>& tables);

  std::shared_ptr<void> make() const override;  // a std::vector<Settings>, one of each table

  // What was read: the structs of the tables, in their order. `settings` was made from a
  // MergedTable.
  static const std::vector<Settings>& parts_of(const Settings& settings);

 private:
  std::vector<const AnyParameterTable*> tables_;
};

}  // namespace soundcheck
