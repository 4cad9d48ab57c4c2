#include "sim/core/parameters_merged.hpp"

namespace soundcheck {
namespace {

using Parts = std::vector<Settings>;

}  // namespace

MergedTable::MergedTable(std::string name, std::string help,
                         const std::vector<const AnyParameterTable*>& tables)
    : AnyParameterTable(std::move(name), std::move(help)), tables_(tables) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    for (const Parameter& from : tables_[i]->parameters()) {
      SOUNDCHECK_ASSERT(find(from.name) == nullptr, "two tables of {} name a parameter {}",
                        this->name(), from.name);
      Parameter& parameter = parameters_.emplace_back(from);
      parameter.read = [read = from.read, i](const ParameterNode& node, void* object,
                                             ParameterReader& reader) {
        read(node, (*static_cast<Parts*>(object))[i].object(), reader);
      };
      parameter.print = [print = from.print, i](const void* object) {
        return print((*static_cast<const Parts*>(object))[i].object());
      };
    }
  }
}

std::shared_ptr<void> MergedTable::make() const {
  auto parts = std::make_shared<Parts>();
  for (const AnyParameterTable* const table : tables_) parts->emplace_back(*table);
  return parts;
}

const std::vector<Settings>& MergedTable::parts_of(const Settings& settings) {
  SOUNDCHECK_ASSERT(dynamic_cast<const MergedTable*>(settings.table()) != nullptr,
                    "settings of one table, not of several");
  return *static_cast<const Parts*>(settings.object());
}

}  // namespace soundcheck
