#include "sim/env/transaction.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/forked.hpp"
#include "tests/unit/sim/env/env_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

// Keeps the last statement's arguments and answers with the rows it was given.
class RecordingTransaction final : public Transaction {
 public:
  std::vector<SqlValue> arguments;
  std::vector<SqlRow> rows;
  std::int64_t changed = 0;

 protected:
  std::vector<SqlRow> run(const Sql&, std::span<const SqlValue> values) override {
    arguments.assign(values.begin(), values.end());
    return rows;
  }
  std::int64_t run_for_count(const Sql&, std::span<const SqlValue> values) override {
    arguments.assign(values.begin(), values.end());
    return changed;
  }
};

constexpr Sql kAny{"SELECT 1"};

TEST(SqlRow, NullReadsAsZeroOrAsNothing) {
  const SqlRow row({std::monostate{}, std::int64_t{7}, std::string("seven"), 0.5});
  EXPECT_TRUE(row.is_null(0));
  EXPECT_EQ(row.integer(0), 0);
  EXPECT_EQ(row.text(0), "");
  EXPECT_EQ(row.integer(1), 7);
  EXPECT_EQ(row.text(2), "seven");
  EXPECT_EQ(row.size(), 4U);
}

TEST(SqlRow, AColumnOfAnotherTypeEndsTheProgram) {
  for (const bool as_text : {true, false}) {
    const Forked mistaken = run_forked([as_text]() -> std::string {
      const SqlRow row({std::int64_t{7}, std::string("seven")});
      return as_text ? row.text(0) : std::to_string(row.integer(1));
    });
    EXPECT_NE(mistaken.exit_code, 0);
    EXPECT_NE(mistaken.output.find("column"), std::string::npos) << mistaken.output;
  }
}

TEST(Transaction, PassesArgumentsAsTheDatabaseKnowsThem) {
  RecordingTransaction transaction;
  transaction.execute(kAny, 1, std::int64_t{2}, true, 0.5, "text", std::string("string"),
                      std::optional<std::int64_t>(3), std::optional<std::int64_t>(), std::nullopt);
  EXPECT_THAT(
      transaction.arguments,
      ElementsAre(SqlValue(std::int64_t{1}), SqlValue(std::int64_t{2}), SqlValue(std::int64_t{1}),
                  SqlValue(0.5), SqlValue(std::string("text")), SqlValue(std::string("string")),
                  SqlValue(std::int64_t{3}), SqlValue(), SqlValue()));
}

TEST(Transaction, OneIsTheFirstRowOrNone) {
  RecordingTransaction transaction;
  EXPECT_FALSE(transaction.one(kAny).has_value());
  transaction.rows = {SqlRow({std::int64_t{7}}), SqlRow({std::int64_t{8}})};
  EXPECT_EQ(transaction.one(kAny)->integer(0), 7);
}

Result<std::int64_t> take_seats(Transaction& transaction, const std::int64_t& wanted) {
  if (transaction.execute(kAny, wanted) == 0) return failure(ErrorCode::kConflict, "sold out");
  return wanted;
}
std::int64_t count_seats(Transaction&) {
  return 40;
}
void forget_seats(Transaction& transaction) {
  transaction.execute(kAny);
}

TEST(StoreCall, CommitsAValueAndRollsAnErrorBack) {
  RecordingTransaction transaction;
  StoreCall<decltype(&take_seats), std::int64_t> call(&take_seats, 3);
  EXPECT_FALSE(call.run(transaction));
  transaction.changed = 1;
  EXPECT_TRUE(call.run(transaction)) << "run again, as after a serialisation failure";
  EXPECT_EQ(*call.take(), 3);
}

TEST(StoreCall, TakesFunctionsWithAPlainValueAndWithNone) {
  RecordingTransaction transaction;
  StoreCall<decltype(&count_seats)> count(&count_seats);
  EXPECT_TRUE(count.run(transaction));
  EXPECT_EQ(*count.take(), 40);
  StoreCall<decltype(&forget_seats)> forget(&forget_seats);
  EXPECT_TRUE(forget.run(transaction));
  EXPECT_TRUE(forget.take().has_value());
}

// A view or a pointer could outlive what it points to: such calls do not compile.
static_assert(OwnedValue<std::string> && OwnedValue<std::int64_t>);
static_assert(!OwnedValue<std::string_view> && !OwnedValue<const char*> &&
              !OwnedValue<std::string&>);

using EnvTransaction = EnvTest;

TEST_F(EnvTransaction, AnswersWithTheValueOfTheFunctionOrWithTheFailureOfTheDatabase) {
  std::optional<Result<std::int64_t>> seats;
  const auto ask = [](Env inner, std::optional<Result<std::int64_t>>* into) -> Task<void> {
    Result<std::int64_t> answer = co_await inner.transact(&take_seats, std::int64_t{3});
    into->emplace(std::move(answer));
  };
  start(ask(env(), &seats));
  auto& [body, slot] = runtime.transactions.at(0);
  RecordingTransaction transaction;
  transaction.changed = 1;
  EXPECT_TRUE(body->run(transaction));
  runtime.completions().complete(slot, TransactionOutcome(std::move(body)));
  ready.run_all();
  EXPECT_EQ(seats->value(), 3);

  start(ask(env(), &seats));
  runtime.completions().complete(runtime.transactions.at(1).second,
                                 TransactionOutcome(failure(ErrorCode::kCommitUnknown)));
  ready.run_all();
  EXPECT_EQ(seats->error().code, ErrorCode::kCommitUnknown);
  EXPECT_FALSE(seats->error().definite);
}

}  // namespace
}  // namespace soundcheck::test
