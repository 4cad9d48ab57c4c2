#include "reports/checkers/invariant_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "reports/checkers/sql_scan.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kGood = R"(-- Money: a remark at the top of the file
-- ===== money =====
-- P1: the bank captures a payment at most once
-- class: S
-- key: merchant_ref
-- changed: psp.operations(merchant_ref)
-- changed: payments.refunds: SELECT idem FROM payments.payments WHERE payment_id = :payment_id
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind='CAPTURE'
SELECT merchant_ref FROM psp.operations WHERE kind='CAPTURE;' AND {key merchant_ref}
  GROUP BY merchant_ref HAVING COUNT(*)>1;

-- own: no one is called Bob
-- class: Q
SELECT user_id, name FROM users.accounts a WHERE name='Bob';
)";

std::string mistakes_of(std::string_view text) {
  std::string result;
  for (const InvariantMistake& mistake : parse_invariants(text, "i.sql").mistakes)
    result += to_text(mistake) + "\n";
  return result;
}

TEST(InvariantFile, ReadsSeveralInvariants) {
  const InvariantFile file = parse_invariants(kGood, "i.sql");
  ASSERT_TRUE(file.mistakes.empty()) << to_text(file.mistakes.front());
  ASSERT_EQ(file.invariants.size(), 2U);
  const Invariant& p1 = file.invariants[0];
  EXPECT_EQ(p1.id, "P1");
  EXPECT_EQ(p1.title, "the bank captures a payment at most once");
  EXPECT_EQ(p1.when, InvariantClass::kAlways);
  EXPECT_EQ(p1.line, 3);
  EXPECT_TRUE(p1.by_key());
  EXPECT_NE(p1.one_sql.find("AND merchant_ref = ?1"), std::string::npos);
  EXPECT_NE(p1.all_sql.find("AND 1\n"), std::string::npos);
  ASSERT_EQ(p1.changed.size(), 2U);
  EXPECT_EQ(p1.changed[0].column, "merchant_ref");
  EXPECT_EQ(p1.changed[1].query, "SELECT idem FROM payments.payments WHERE payment_id = ?1");
  EXPECT_EQ(p1.changed[1].parameters, std::vector<std::string>{"payment_id"});
  EXPECT_EQ(p1.tables,
            (std::vector<std::string>{"psp.operations", "payments.payments", "payments.refunds"}));
  EXPECT_EQ(file.invariants[1].id, "own");
  EXPECT_FALSE(file.invariants[1].sampled());
}

TEST(InvariantFile, IsEmptyForAnEmptyFile) {
  EXPECT_TRUE(parse_invariants("", "i.sql").invariants.empty());
  EXPECT_TRUE(parse_invariants("\n-- nothing here\n", "i.sql").mistakes.empty());
}

TEST(InvariantFile, SaysWhereWhatIsWrong) {
  EXPECT_EQ(mistakes_of("SELECT 1;\n"),
            "i.sql:1:1: a query without a line before it that names the invariant\n");
  EXPECT_EQ(
      mistakes_of("-- A1: x\n-- class: X\nSELECT 1;\n"),
      "i.sql:2:11: 'X' is no class: S (at every instant), W (between sagas) or Q (at rest)\n");
  EXPECT_EQ(mistakes_of("-- A1: x\nSELECT 1;\n"), "i.sql:1:1: 'A1' has no 'class:' (S, W or Q)\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- chagned: a.b(c)\nSELECT 1;\n"),
            "i.sql:3:4: unknown heading 'chagned'; did you mean 'changed'?\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- changed: b(c)\nSELECT 1;\n"),
            "i.sql:3:13: write service.table(column), or service.table: SELECT key ... :column\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\nSELECT 1\nFROM {kee x} a;\n"),
            "i.sql:4:6: in braces stands the key: {key EXPRESSION}\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- key: k\nSELECT k FROM a.b;\n"),
            "i.sql:4:1: the query does not say where the key 'k' goes: {key EXPRESSION}\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: W\n-- key: k\nSELECT k FROM a.b WHERE {key k};\n"),
            "i.sql:1:1: 'A1' has a key but no 'changed:' that says when to check it\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- saga: SELECT 1\nSELECT 1;\n"),
            "i.sql:3:10: this query finds a saga by the key ?1\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- finds: nothing\n-- key: k\n"
                        "-- saga: SELECT ?1\nSELECT k FROM a.b WHERE {key k};\n"),
            "i.sql:3:11: 'nothing' is nothing to find: unended or left (sagas)\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\n-- finds: unended\nSELECT 1;\n"),
            "i.sql:1:1: 'A1' finds sagas: that needs 'class: Q' and a 'saga:' line\n");
  EXPECT_EQ(mistakes_of("-- A1: x\n-- class: Q\nSELECT 1\n"),
            "i.sql:3:1: the query does not end with a semicolon at the end of a line\n");
}

TEST(InvariantFile, ReportsAllMistakesOfAFile) {
  EXPECT_EQ(parse_invariants("-- A: x\nSELECT 1;\n-- B: y\n-- class: Z\nSELECT 2;\n", "i.sql")
                .mistakes.size(),
            2U);
}

TEST(InvariantFile, ReadsWhatTheServicesSay) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SOUNDCHECK_SOURCE_DIR "/models")) {
    if (entry.path().filename() != "invariants.sql") continue;
    std::ifstream stream(entry.path());
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    const InvariantFile file = parse_invariants(text, entry.path().string());
    for (const InvariantMistake& mistake : file.mistakes) ADD_FAILURE() << to_text(mistake);
    ++files;
  }
  EXPECT_GT(files, 3U);
}

TEST(SqlScan, FindsTheTablesOfAQuery) {
  const auto tables = tables_in(
      "SELECT p.a, 'FROM x.y' FROM pay.p p JOIN pay.q AS q ON q.id=p.id, c.d WHERE EXISTS "
      "(SELECT 1 FROM auth.b b -- FROM no.no\n WHERE b.x IN (SELECT e.f FROM g.h e)) AND p.a=q.b");
  EXPECT_EQ(tables, (std::vector<std::string>{"pay.p", "pay.q", "c.d", "auth.b", "g.h"}));
}

}  // namespace
}  // namespace soundcheck
