#include "models/database/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/database/sql_names.hpp"
#include "models/database/sqlite.hpp"
#include "sim/core/assert.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

// "Determination of column affinity" in SQLite's documentation of data types.
bool has_real_affinity(const std::string& declared_type) {
  const std::string type = in_lower_case(declared_type);
  const auto contains = [&](const char* part) { return type.find(part) != std::string::npos; };
  if (contains("int") || contains("char") || contains("clob") || contains("text")) return false;
  return contains("real") || contains("floa") || contains("doub");
}

}  // namespace

TableId TableCatalogue::declare(std::string_view service, std::string_view table) {
  const TableId id(static_cast<std::uint32_t>(tables_.size()));
  Table& entry = tables_.emplace_back();
  entry.id = id;
  entry.service = service;
  entry.table = table;
  entry.name = fmt::format("{}.{}", service, table);
  entry.sql_name = sql_table_name(service, table);
  const bool added = by_sql_name_.emplace(in_lower_case(entry.sql_name), id).second;
  SOUNDCHECK_ASSERT(added, "table {} is declared twice", entry.name);
  return id;
}

std::expected<void, std::string> TableCatalogue::describe(TableId id,
                                                          SqliteConnection& connection) {
  Table& table = tables_[id.index()];
  const std::string xinfo =
      fmt::format("SELECT name, type, pk, hidden FROM pragma_table_xinfo('{}')", table.sql_name);
  SqliteStatement columns = connection.prepare_or_stop(xinfo);
  std::vector<std::pair<std::int64_t, std::uint32_t>> key;
  while (columns.step().value()) {
    const std::string name = std::get<std::string>(columns.column(0));
    if (columns.integer(3) != 0) {
      return std::unexpected(
          fmt::format("{}.{} is a generated column; store its value", table.name, name));
    }
    if (columns.integer(2) != 0) key.emplace_back(columns.integer(2), table.columns.size());
    table.real.push_back(has_real_affinity(std::get<std::string>(columns.column(1))));
    table.columns.push_back(name);
  }
  if (key.empty()) {
    return std::unexpected(
        fmt::format("table {} has no primary key; every table needs one, such as PRIMARY KEY ({})",
                    table.name, table.columns.front()));
  }
  std::sort(key.begin(), key.end());
  for (const auto& [position, column] : key) table.key.push_back(column);
  table.has_rowid =
      connection.prepare(fmt::format("SELECT _rowid_ FROM {}", table.sql_name)).has_value();
  return {};
}

std::optional<TableId> TableCatalogue::find(std::string_view service,
                                            std::string_view table) const {
  return find_sql_name(sql_table_name(service, table));
}

std::optional<TableId> TableCatalogue::find_sql_name(std::string_view sql_name) const {
  const auto found = by_sql_name_.find(in_lower_case(std::string(sql_name)));
  if (found == by_sql_name_.end()) return std::nullopt;
  return found->second;
}

std::string TableCatalogue::rewrite(std::string_view sql) const {
  return rewrite_table_names(sql, [this](std::string_view service, std::string_view table) {
    return find(service, table).has_value();
  });
}

}  // namespace soundcheck
