#include "tests/support/local_runtime/local_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cctype>

#include "sim/core/assert.hpp"

namespace soundcheck::testing_support {
namespace {

class LocalTransaction final : public Transaction {
 public:
  LocalTransaction(LocalDatabase& database, const SagaContext& saga, std::int64_t now_ms)
      : database_(database) {
    saga_ = saga;
    now_ms_ = now_ms;
  }

 protected:
  std::vector<SqlRow> run(const Sql& sql, std::span<const SqlValue> arguments) override {
    return database_.query(sql.text, arguments);
  }
  std::int64_t run_for_count(const Sql& sql, std::span<const SqlValue> arguments) override {
    return database_.execute(sql.text, arguments);
  }

 private:
  LocalDatabase& database_;
};

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

void bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()),
                      SQLITE_TRANSIENT);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

SqlValue column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_NULL:
      return std::monostate{};
    default:
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, index)),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, index)));
  }
}

}  // namespace

LocalDatabase::LocalDatabase(const std::string& file, std::function<Time()> clock)
    : clock_(std::move(clock)) {
  const int opened = sqlite3_open(file.c_str(), &connection_);
  SOUNDCHECK_ASSERT(opened == SQLITE_OK, "cannot open {}", file);
  const auto true_time = [](sqlite3_context* context, int, sqlite3_value**) {
    const auto* self = static_cast<LocalDatabase*>(sqlite3_user_data(context));
    sqlite3_result_int64(context, self->clock_().in_milliseconds());
  };
  const auto commit_seq = [](sqlite3_context* context, int, sqlite3_value**) {
    const auto* self = static_cast<LocalDatabase*>(sqlite3_user_data(context));
    sqlite3_result_int64(context, static_cast<std::int64_t>(self->commits_ + 1));
  };
  sqlite3_create_function(connection_, "true_time", 0, SQLITE_UTF8, this, +true_time, nullptr,
                          nullptr);
  sqlite3_create_function(connection_, "commit_seq", 0, SQLITE_UTF8, this, +commit_seq, nullptr,
                          nullptr);
  services_.insert("fleet");
}

LocalDatabase::~LocalDatabase() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(connection_);
}

std::string LocalDatabase::rewrite(std::string_view sql) const {
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = at;
    if (sql[at] == '\'') {
      end = sql.find('\'', at + 1) + 1;
    } else if (sql.substr(at, 2) == "--") {
      end = std::min(sql.find('\n', at), sql.size());
    } else {
      while (end < sql.size() && in_name(sql[end])) ++end;
      if (end == at) ++end;
    }
    const std::string_view token = sql.substr(at, end - at);
    result += token;
    if (services_.contains(token) && end < sql.size() && sql[end] == '.') {
      result += "__";
      ++end;
    }
    at = end;
  }
  return result;
}

void LocalDatabase::run_script(const std::string& sql) {
  char* message = nullptr;
  const int done = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, &message);
  SOUNDCHECK_ASSERT(done == SQLITE_OK, "{}: {}", message, sql);
}

void LocalDatabase::add(std::string_view service, std::string_view schema) {
  services_.emplace(service);
  const SqlValue pattern = std::string(service) + "\\_\\_%";
  const auto tables = query("SELECT name FROM sqlite_master WHERE name LIKE ?1 ESCAPE '\\'",
                            std::span(&pattern, 1));
  if (tables.empty()) run_script(rewrite(schema));
}

bool LocalDatabase::has_table(std::string_view table) const {
  sqlite3_stmt* statement = nullptr;
  const std::string sql = rewrite(fmt::format("SELECT 1 FROM {} LIMIT 0", table));
  const int prepared = sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr);
  sqlite3_finalize(statement);
  return prepared == SQLITE_OK;
}

void LocalDatabase::add_fleet_views() {
  struct View {
    const char* table;
    const char* columns;
  };
  for (const View& view : {View{"effects", "saga_id, step, role, kind, state, seq, begun"},
                           View{"outbox", "event_id, created_at, published_at"},
                           View{"steps", "saga_id, step, role"}}) {
    std::string parts;
    for (const std::string& service : services_) {
      if (service == "fleet" || !has_table(fmt::format("{}.{}", service, view.table))) continue;
      parts += fmt::format("{}SELECT '{}' AS service, {} FROM {}__{}",
                           parts.empty() ? "" : " UNION ALL ", service, view.columns, service,
                           view.table);
    }
    if (!parts.empty()) {
      run_script(fmt::format("CREATE VIEW IF NOT EXISTS fleet__{} AS {}", view.table, parts));
    }
  }
}

sqlite3_stmt* LocalDatabase::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  const std::string text = rewrite(sql);
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v2(connection_, text.c_str(), -1, &statement, nullptr);
  SOUNDCHECK_ASSERT(prepared == SQLITE_OK, "{}: {}", sqlite3_errmsg(connection_), text);
  statements_.emplace(sql, statement);
  return statement;
}

std::vector<SqlRow> LocalDatabase::step_all(sqlite3_stmt* statement,
                                            std::span<const SqlValue> parameters) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
  SOUNDCHECK_ASSERT(parameters.size() >= wanted, "{} parameters for {}", parameters.size(),
                    sqlite3_sql(statement));
  for (std::size_t i = 0; i < wanted; ++i) bind(statement, static_cast<int>(i) + 1, parameters[i]);
  std::vector<SqlRow> rows;
  int stepped = sqlite3_step(statement);
  for (; stepped == SQLITE_ROW; stepped = sqlite3_step(statement)) {
    std::vector<SqlValue> columns;
    for (int i = 0; i < sqlite3_column_count(statement); ++i)
      columns.push_back(column(statement, i));
    rows.emplace_back(std::move(columns));
  }
  SOUNDCHECK_ASSERT(stepped == SQLITE_DONE, "{}: {}", sqlite3_errmsg(connection_),
                    sqlite3_sql(statement));
  sqlite3_reset(statement);
  return rows;
}

std::vector<SqlRow> LocalDatabase::query(std::string_view sql,
                                         std::span<const SqlValue> parameters) {
  return step_all(prepare(sql), parameters);
}

std::int64_t LocalDatabase::execute(std::string_view sql, std::span<const SqlValue> parameters) {
  step_all(prepare(sql), parameters);
  return sqlite3_changes64(connection_);
}

void LocalDatabase::run(TransactionBody& body, const SagaContext& saga, std::int64_t now_ms) {
  run_script("BEGIN IMMEDIATE");
  LocalTransaction transaction(*this, saga, now_ms);
  const std::int64_t before = sqlite3_total_changes64(connection_);
  const bool commit = body.run(transaction);
  run_script(commit ? "COMMIT" : "ROLLBACK");
  if (commit && sqlite3_total_changes64(connection_) != before) ++commits_;
}

}  // namespace soundcheck::testing_support
