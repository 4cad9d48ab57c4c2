#include "models/database/observer_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/database/sql_names.hpp"
#include "models/database/store.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

// What every service may have, under one name for the whole fleet.
constexpr std::string_view kFleet = "fleet";
constexpr std::array<std::string_view, 3> kFleetTables{"effects", "outbox", "steps"};

bool has_column(const Table& table, const std::string& column) {
  return std::find(table.columns.begin(), table.columns.end(), column) != table.columns.end();
}

// SQLite counts COMMIT, ATTACH and some PRAGMAs among what only reads.
bool only_reads(std::string_view sql) {
  for (const SqlToken& token : tokenize_sql(sql)) {
    if (token.kind != SqlTokenKind::kBlank) return token.is("SELECT") || token.is("WITH");
  }
  return false;
}

}  // namespace

// One transaction that never ends, without a journal: nothing here is ever rolled back.
ObserverDatabase::ObserverDatabase(const TableCatalogue& catalogue, SqlEnvironment& environment)
    : catalogue_(catalogue), connection_(environment), applier_(connection_, catalogue) {
  environment.add_functions_to(connection_.handle());
  connection_.execute_or_stop(
      "PRAGMA secure_delete = OFF; PRAGMA journal_mode = OFF; "
      "PRAGMA ignore_check_constraints = ON; BEGIN");
}

ObserverDatabase::~ObserverDatabase() = default;

void ObserverDatabase::copy_from(Store& store) {
  present_.resize(catalogue_.size());
  const std::vector<TableId> tables = observed_tables_of(store);
  const bool is_new = !tables.empty() && !present_[tables.front().index()];
  if (is_new) {
    for (const std::string& definition : store.definitions()) {
      connection_.execute_or_stop(definition);
    }
    views_are_current_ = false;
  }
  for (const TableId id : tables) {
    present_[id.index()] = true;
    connection_.execute_or_stop(fmt::format("DELETE FROM {}", catalogue_[id].sql_name));
    applier_.copy_all(id, store.connection());
  }
}

void ObserverDatabase::on_commit(const Commit& commit, const ChangeSet& changes,
                                 Direction direction) {
  row_changes_.clear();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const RowImage row =
        direction == Direction::kDone ? changes[i] : changes.inverse(changes.size() - 1 - i);
    const Table& table = catalogue_[row.table];
    if (!table.observed) continue;
    applier_.apply(row);
    row_changes_.push_back({table.name, row.operation, table.columns, row.before, row.after});
  }
  if (row_changes_.empty()) return;
  Commit complete = commit;
  complete.changes = row_changes_;
  for (CommitListener* const listener : listeners_) listener->on_commit(complete);
}

std::vector<TableId> ObserverDatabase::observed_tables_of(const Store& store) const {
  std::vector<TableId> tables = store.tables();
  std::erase_if(tables, [this](TableId id) { return !catalogue_[id].observed; });
  return tables;
}

Result<std::vector<SqlRow>> ObserverDatabase::query(std::string_view sql,
                                                    std::span<const SqlValue> parameters) {
  auto found = statement_of(sql);
  if (!found) return std::unexpected(std::move(found.error()));
  SqliteStatement& statement = **found;
  SOUNDCHECK_ASSERT(static_cast<std::size_t>(statement.parameters()) == parameters.size(),
                    "{} parameters for: {}", parameters.size(), sql);
  int parameter = 1;
  for (const SqlValue& value : parameters) statement.bind(parameter++, value);
  std::vector<SqlRow> rows;
  for (;;) {
    auto row = statement.step();
    if (!row) return failure(ErrorCode::kInvalid, std::move(row.error().text));
    if (!*row) break;
    rows.push_back(statement.row());
  }
  statement.reset();
  return rows;
}

Result<std::vector<std::string>> ObserverDatabase::columns_of(std::string_view sql) {
  const auto found = statement_of(sql);
  if (!found) return std::unexpected(found.error());
  const int count = (*found)->columns();
  std::vector<std::string> names(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) names[static_cast<std::size_t>(i)] = (*found)->column_name(i);
  return names;
}

Result<SqliteStatement*> ObserverDatabase::statement_of(std::string_view sql) {
  if (!views_are_current_) create_union_views();
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return &found->second;
  const auto is_table = [this](std::string_view service, std::string_view table) {
    return (service == kFleet && !tables_called(table).empty()) ||
           catalogue_.find(service, table).has_value();
  };
  if (!only_reads(sql)) return failure(ErrorCode::kInvalid, "a query starts with SELECT or WITH");
  auto statement = connection_.prepare(rewrite_table_names(sql, is_table));
  if (!statement) return failure(ErrorCode::kInvalid, std::move(statement.error().text));
  if (!statement->read_only()) return failure(ErrorCode::kInvalid, "a query changes nothing");
  return &statements_.emplace(sql, std::move(*statement)).first->second;
}

bool ObserverDatabase::has_table(std::string_view table) const {
  const std::size_t dot = table.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view service = table.substr(0, dot);
  const std::string_view name = table.substr(dot + 1);
  if (service == kFleet) return !tables_called(name).empty();
  const auto found = catalogue_.find(service, name);
  return found && found->index() < present_.size() && present_[found->index()];
}

std::vector<TableId> ObserverDatabase::tables_called(std::string_view table) const {
  std::vector<TableId> found;
  if (std::find(kFleetTables.begin(), kFleetTables.end(), table) == kFleetTables.end())
    return found;
  for (std::size_t i = 0; i < present_.size(); ++i) {
    const TableId id(static_cast<std::uint32_t>(i));
    if (present_[i] && catalogue_[id].table == table) found.push_back(id);
  }
  return found;
}

void ObserverDatabase::create_union_views() {
  views_are_current_ = true;
  for (const std::string_view name : kFleetTables) {
    const std::string view = sql_table_name(kFleet, name);
    connection_.execute_or_stop(fmt::format("DROP VIEW IF EXISTS {}", view));
    const std::vector<TableId> tables = tables_called(name);
    if (tables.empty()) continue;
    std::vector<std::string> common = catalogue_[tables.front()].columns;
    std::erase_if(common, [&](const std::string& column) {
      return column == "service" || !std::all_of(tables.begin(), tables.end(), [&](TableId id) {
               return has_column(catalogue_[id], column);
             });
    });
    std::string text;
    for (const TableId id : tables) {
      const Table& table = catalogue_[id];
      text += fmt::format(
          "{} SELECT {} AS service", text.empty() ? "" : " UNION ALL",
          has_column(table, "service") ? "service" : fmt::format("'{}'", table.service));
      for (const std::string& column : common) text += fmt::format(", \"{}\"", column);
      text += fmt::format(" FROM {}", table.sql_name);
    }
    connection_.execute_or_stop(fmt::format("CREATE VIEW {} AS{}", view, text));
  }
}

Fingerprint ObserverDatabase::content_digest(const Store& store) {
  return soundcheck::content_digest(connection_, catalogue_, observed_tables_of(store));
}

}  // namespace soundcheck
