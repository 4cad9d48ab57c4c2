#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/fingerprint.hpp"
#include "sim/core/result.hpp"
#include "sim/core/time.hpp"
#include "sim/env/context.hpp"
#include "sim/events/event.hpp"

namespace soundcheck {

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

// One statement, in the common subset of SQLite and PostgreSQL, with tables named service.table and
// parameters ?1, ?2, ... Make it a constant with static storage: prepared statements are cached by
// its address.
struct Sql {
  std::string_view text;
};

class SqlRow {
 public:
  explicit SqlRow(std::vector<SqlValue> columns) : columns_(std::move(columns)) {}
  std::int64_t integer(std::size_t column) const;     // NULL is 0
  const std::string& text(std::size_t column) const;  // NULL is ""
  bool is_null(std::size_t column) const {
    return std::holds_alternative<std::monostate>(columns_[column]);
  }
  std::size_t size() const { return columns_.size(); }
  const SqlValue& operator[](std::size_t column) const { return columns_[column]; }

 private:
  std::vector<SqlValue> columns_;
};

// What a store function works on: one database transaction, run at one simulated instant.
// Statements cannot wait. A violated constraint is no error of the simulator: use ON CONFLICT, or
// read first.
class Transaction {
 public:
  virtual ~Transaction() = default;

  template <class... Arguments>
  std::vector<SqlRow> query(const Sql& sql, const Arguments&... arguments) {
    const std::initializer_list<SqlValue> values{as_value(arguments)...};
    return run(sql, std::span(values.begin(), values.size()));
  }
  template <class... Arguments>
  std::optional<SqlRow> one(const Sql& sql, const Arguments&... arguments) {
    auto rows = query(sql, arguments...);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }
  // Returns the number of rows that an INSERT, UPDATE or DELETE changed (with RETURNING, use
  // query).
  template <class... Arguments>
  std::int64_t execute(const Sql& sql, const Arguments&... arguments) {
    const std::initializer_list<SqlValue> values{as_value(arguments)...};
    return run_for_count(sql, std::span(values.begin(), values.size()));
  }

  // The same for a row of values made elsewhere (population).
  std::int64_t execute_values(const Sql& sql, std::span<const SqlValue> values) {
    return run_for_count(sql, values);
  }

  // An event to be told at the instant of the commit, and only if it comes to that; time and
  // process are filled in.
  void emit(const Event& event) { events_.push_back(event); }

  // The saga context of the request, for fence, outbox and audit rows; the caller's clock, in
  // virtual milliseconds.
  const SagaContext& saga() const { return saga_; }
  std::int64_t now_ms() const { return now_ms_; }

 protected:
  virtual std::vector<SqlRow> run(const Sql& sql, std::span<const SqlValue> arguments) = 0;
  virtual std::int64_t run_for_count(const Sql& sql, std::span<const SqlValue> arguments) = 0;

  SagaContext saga_;
  std::int64_t now_ms_ = 0;
  std::vector<Event> events_;

 private:
  static SqlValue as_value(std::monostate) { return {}; }
  static SqlValue as_value(std::nullopt_t) { return {}; }
  static SqlValue as_value(std::int64_t value) { return value; }
  static SqlValue as_value(int value) { return std::int64_t{value}; }
  static SqlValue as_value(bool value) { return std::int64_t{value}; }
  static SqlValue as_value(double value) { return value; }
  static SqlValue as_value(std::string value) { return value; }
  static SqlValue as_value(std::string_view value) { return std::string(value); }
  static SqlValue as_value(const char* value) { return std::string(value); }
  template <class T>
  static SqlValue as_value(const std::optional<T>& value) {
    return value ? as_value(*value) : SqlValue{};
  }
};

// A named lock, as SELECT ... FOR UPDATE takes it: whoever comes second waits at the database
// server until the first one's transaction has ended. Named by table and key.
struct LockName {
  std::uint64_t hash = 0;
};
inline LockName row(std::string_view table, std::string_view key) {
  return {hash_text(key, hash_text(table))};
}

struct TransactOptions {
  std::vector<LockName> locks;
  bool read_only = false;  // one round trip, no commit record, no fsync
  // The statements leave together with COMMIT: one round trip less. It is the server's business as
  // soon as it has arrived, so that a failure leaves the client in doubt from the beginning.
  bool at_once = false;
  // There is something to make durable even if no row has changed: the statements stand for rows
  // that are not there.
  bool always_commits = false;
  int statements = 2;  // for the statement costs of the database model
};

// A store function with its arguments, type-erased. It may be run again after a serialisation
// failure.
class TransactionBody {
 public:
  virtual ~TransactionBody() = default;
  // Returns whether the transaction is to be committed; the result is kept inside either way.
  virtual bool run(Transaction& transaction) = 0;
};

// No views, pointers or references may cross into a transaction: it can outlive the frame that
// started it.
template <class T>
concept OwnedValue = std::is_object_v<T> && !std::is_pointer_v<T> &&
                     !std::is_same_v<T, std::string_view> && std::move_constructible<T>;

template <class T>
struct ResultValue {
  using Type = T;
};
template <class T>
struct ResultValue<Result<T>> {
  using Type = T;
};

template <class Function, class... Arguments>
class StoreCall final : public TransactionBody {
 public:
  using Raw = std::invoke_result_t<Function, Transaction&, const Arguments&...>;
  using Value = typename ResultValue<Raw>::Type;

  explicit StoreCall(Function function, Arguments... arguments)
      : function_(function), arguments_(std::move(arguments)...) {}

  bool run(Transaction& transaction) override {
    const auto call = [&](const Arguments&... arguments) {
      return function_(transaction, arguments...);
    };
    if constexpr (std::is_void_v<Raw>) {
      std::apply(call, arguments_);
      result_.emplace();
    } else {
      result_.emplace(std::apply(call, arguments_));
    }
    return result_->has_value();
  }
  Result<Value> take() { return std::move(*result_); }

 private:
  Function function_;
  std::tuple<Arguments...> arguments_;
  std::optional<Result<Value>> result_;
};

}  // namespace soundcheck
