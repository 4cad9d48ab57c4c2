#include "models/database/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

// Leaves a store function whose statement violated a constraint, as a database driver does.
struct ConstraintViolated {
  std::string text;
};

}  // namespace

class Store::RunningTransaction final : public Transaction {
 public:
  RunningTransaction(Store& store, const TransactionCaller& caller, bool read_only)
      : store_(store), read_only_(read_only) {
    saga_ = caller.saga;
    now_ms_ = caller.now_ms;
  }

  std::vector<Event> take_events() { return std::move(events_); }

 protected:
  std::vector<SqlRow> run(const Sql& sql, std::span<const SqlValue> arguments) override {
    SqliteStatement& statement = bind(sql, arguments);
    std::vector<SqlRow> rows;
    while (step(statement, sql)) rows.push_back(statement.row());
    statement.reset();
    return rows;
  }

  std::int64_t run_for_count(const Sql& sql, std::span<const SqlValue> arguments) override {
    SqliteStatement& statement = bind(sql, arguments);
    SOUNDCHECK_ASSERT(!statement.read_only(), "execute() of a statement that only reads: {}",
                      sql.text);
    while (step(statement, sql)) {
    }
    statement.reset();
    return store_.connection_.changed_rows();
  }

 private:
  SqliteStatement& bind(const Sql& sql, std::span<const SqlValue> arguments) {
    SqliteStatement& statement = store_.statement_of(sql);
    SOUNDCHECK_ASSERT(static_cast<std::size_t>(statement.parameters()) == arguments.size(),
                      "{} arguments for: {}", arguments.size(), sql.text);
    SOUNDCHECK_ASSERT(!read_only_ || statement.read_only(),
                      "written in a read-only transaction: {}", sql.text);
    int parameter = 1;
    for (const SqlValue& value : arguments) statement.bind(parameter++, value);
    return statement;
  }

  bool step(SqliteStatement& statement, const Sql& sql) {
    auto row = statement.step();
    if (row) return *row;
    SOUNDCHECK_ASSERT(row.error().constraint, "{}: {}", sql.text, row.error().text);
    throw ConstraintViolated{std::move(row.error().text)};
  }

  Store& store_;
  bool read_only_;
};

Store::Store(std::string name, TableCatalogue& catalogue, SqlEnvironment& environment)
    : name_(std::move(name)),
      catalogue_(catalogue),
      connection_(environment),
      capture_(connection_.handle(), catalogue),
      applier_(connection_, catalogue) {
  environment.add_functions_to(connection_.handle());
  connection_.execute_or_stop(
      "PRAGMA secure_delete = OFF; PRAGMA foreign_keys = ON; PRAGMA journal_mode = OFF");
  begin();
}

Store::~Store() = default;

std::expected<void, std::string> Store::load_schema(std::string_view service,
                                                    std::string_view sql) {
  auto schema = read_schema(service, sql, catalogue_);
  if (!schema) return std::unexpected(std::move(schema.error()));
  const auto run_all =
      [&](const std::vector<std::string>& statements) -> std::expected<void, std::string> {
    for (const std::string& statement : statements) {
      if (auto done = connection_.execute(statement); !done) {
        return std::unexpected(fmt::format("{}: {}", done.error().text, statement));
      }
    }
    return {};
  };
  if (auto done = run_all(schema->definitions); !done) return done;
  for (const TableId table : schema->tables) {
    if (auto described = catalogue_.describe(table, connection_); !described) return described;
    tables_.push_back(table);
  }
  if (connection_.prepare("SELECT seq FROM sqlite_sequence")) {
    return std::unexpected(
        fmt::format("the schema of {} uses AUTOINCREMENT, whose counter is outside transactions; "
                    "take a key from the request",
                    service));
  }
  definitions_.insert(definitions_.end(), schema->definitions.begin(), schema->definitions.end());
  return run_all(schema->rows);
}

Store::Ending Store::run(TransactionBody& body, const TransactionCaller& caller,
                         ChangeSet& changes) {
  changes.clear();
  capture_.record_into(&changes);
  RunningTransaction transaction(*this, caller, false);
  events_.clear();
  Ending ending = true;
  try {
    ending = body.run(transaction);
  } catch (ConstraintViolated& violated) {
    ending = std::unexpected(std::move(violated.text));
  }
  capture_.record_into(nullptr);
  if (ending && *ending && connection_.has_unresolved_foreign_keys()) {
    ending = std::unexpected("FOREIGN KEY constraint failed");
  }
  if (!ending || !*ending) {
    undo(changes);
    changes.clear();
  } else {
    events_ = transaction.take_events();
  }
  return ending;
}

Store::Ending Store::read(TransactionBody& body, const TransactionCaller& caller) {
  RunningTransaction transaction(*this, caller, true);
  return body.run(transaction);
}

void Store::populate(const std::function<void(Transaction&)>& fill) {
  RunningTransaction transaction(*this, {}, false);
  try {
    fill(transaction);
  } catch (const ConstraintViolated& violated) {
    SOUNDCHECK_ASSERT(false, "the initial rows of {}: {}", name_, violated.text);
  }
}

void Store::undo(const ChangeSet& changes) {
  applier_.revert(changes);
}

void Store::replay(const ChangeSet& changes) {
  applier_.apply(changes);
}

SqliteStatement& Store::statement_of(const Sql& sql) {
  CachedStatement& cached = statements_[&sql];
  if (!cached.statement) {
    cached.text = sql.text;
    cached.statement = connection_.prepare_or_stop(catalogue_.rewrite(sql.text));
  }
  SOUNDCHECK_ASSERT(cached.text.data() == sql.text.data() && cached.text.size() == sql.text.size(),
                    "an Sql is no constant with static storage: {}", sql.text);
  return cached.statement;
}

Fingerprint Store::content_digest() {
  return soundcheck::content_digest(connection_, catalogue_, tables_);
}

std::string Store::only_service() const {
  if (tables_.empty()) return {};
  const std::string& first = catalogue_[tables_.front()].service;
  const bool is_only = std::ranges::all_of(
      tables_, [&](TableId table) { return catalogue_[table].service == first; });
  return is_only ? first : std::string();
}

std::expected<void, std::string> Store::write_file(const std::string& path) {
  const std::string unfinished = path + ".part";
  std::error_code error;
  std::filesystem::remove(unfinished, error);
  auto written = copy_into(unfinished);
  if (written && !only_service().empty()) written = shorten_names(unfinished);
  if (!written) {
    std::filesystem::remove(unfinished, error);
    return std::unexpected(fmt::format("cannot write {}: {}", path, written.error().text));
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) return std::unexpected(fmt::format("cannot write {}: {}", path, error.message()));
  return {};
}

std::expected<void, SqliteError> Store::shorten_names(const std::string& path) const {
  auto file = SqliteConnection::open_file(path);
  if (!file) return std::unexpected(std::move(file.error()));
  for (const TableId id : tables_) {
    const Table& table = catalogue_[id];
    const std::string rename =
        fmt::format("ALTER TABLE {} RENAME TO \"{}\"", table.sql_name, table.table);
    if (auto done = file->execute(rename); !done) return done;
  }
  return {};
}

std::expected<void, SqliteError> Store::copy_into(const std::string& path) {
  connection_.execute_or_stop("COMMIT");
  std::expected<void, SqliteError> result;
  {
    SqliteStatement copy = connection_.prepare_or_stop("VACUUM INTO ?1");
    const SqlValue target = path;
    copy.bind(1, target);
    if (auto done = copy.step(); !done) result = std::unexpected(std::move(done.error()));
  }
  begin();
  return result;
}

// SQLite counts dangling references instead of refusing them, and run() looks at the count: when
// changes are taken back row by row, a reference may dangle that held statement by statement.
void Store::begin() {
  connection_.execute_or_stop("BEGIN; PRAGMA defer_foreign_keys = ON");
}

Fingerprint content_digest(SqliteConnection& connection, const TableCatalogue& catalogue,
                           const std::vector<TableId>& tables) {
  Fingerprint digest;
  for (const TableId id : tables) {
    const Table& table = catalogue[id];
    std::string order;
    for (const std::uint32_t column : table.key) {
      order += fmt::format("{}\"{}\"", order.empty() ? "" : ", ", table.columns[column]);
    }
    digest.add(std::string_view(table.name));
    SqliteStatement rows = connection.prepare_or_stop(
        fmt::format("SELECT * FROM {} ORDER BY {}", table.sql_name, order));
    while (rows.step().value()) {
      for (int i = 0; i < rows.columns(); ++i) add_to_digest(rows.column(i), digest);
    }
  }
  return digest;
}

}  // namespace soundcheck
