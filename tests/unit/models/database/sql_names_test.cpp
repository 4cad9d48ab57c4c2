#include "models/database/sql_names.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

std::string rewritten(std::string_view sql) {
  return rewrite_table_names(sql, [](std::string_view service, std::string_view table) {
    return (service == "payments" && (table == "payments" || table == "refunds")) ||
           (service == "users" && table == "accounts");
  });
}

TEST(SqlNames, RewritesATableAndKeepsItsOwnNameAsAlias) {
  EXPECT_EQ(rewritten("SELECT * FROM payments.payments"),
            "SELECT * FROM payments__payments AS \"payments\"");
  EXPECT_EQ(
      rewritten("SELECT a FROM payments.refunds, users.accounts WHERE 1"),
      "SELECT a FROM payments__refunds AS \"refunds\", users__accounts AS \"accounts\" WHERE 1");
  EXPECT_EQ(rewritten("UPDATE payments.refunds SET state='DONE'"),
            "UPDATE payments__refunds AS \"refunds\" SET state='DONE'");
  EXPECT_EQ(rewritten("INSERT INTO payments.refunds(a) VALUES (1)"),
            "INSERT INTO payments__refunds AS \"refunds\"(a) VALUES (1)");
}

TEST(SqlNames, KeepsAGivenAlias) {
  EXPECT_EQ(rewritten("SELECT p.a FROM payments.payments p JOIN users.accounts AS u ON p.b=u.b"),
            "SELECT p.a FROM payments__payments p JOIN users__accounts AS u ON p.b=u.b");
}

TEST(SqlNames, LeavesColumnsOfAliasesAlone) {
  const std::string sql = "SELECT payments.state, p.payments, users.name FROM x AS payments";
  EXPECT_EQ(rewritten(sql), sql);
}

TEST(SqlNames, LeavesTextsAndCommentsAlone) {
  const std::string sql =
      "SELECT 'users.accounts', 'it''s users.accounts' -- users.accounts\n /* users.accounts */ , "
      "1";
  EXPECT_EQ(rewritten(sql), sql);
}

TEST(SqlNames, LeavesTablesOfUnknownServicesAlone) {
  const std::string sql =
      "SELECT * FROM albums.albums JOIN payments.unknown ON main.users.accounts=1";
  EXPECT_EQ(rewritten(sql), sql);
}

TEST(SqlNames, RewritesAColumnWithServiceAndTable) {
  EXPECT_EQ(rewritten("SELECT payments.refunds.state FROM payments.refunds"),
            "SELECT refunds.state FROM payments__refunds AS \"refunds\"");
}

TEST(SqlNames, RewritesWithoutAliasWhereNoneMayStand) {
  EXPECT_EQ(rewritten("CREATE TABLE payments.refunds (a TEXT REFERENCES users.accounts(user_id))"),
            "CREATE TABLE payments__refunds (a TEXT REFERENCES users__accounts(user_id))");
  EXPECT_EQ(rewritten("CREATE INDEX i ON payments.refunds(a)"),
            "CREATE INDEX i ON payments__refunds(a)");
}

TEST(SqlNames, UnderstandsQuotedNames) {
  EXPECT_EQ(rewritten("SELECT 1 FROM \"users\".\"accounts\" \"u.x\" WHERE \"users.accounts\"=1"),
            "SELECT 1 FROM users__accounts \"u.x\" WHERE \"users.accounts\"=1");
}

TEST(SqlNames, TokensPutTogetherAreTheTextAgain) {
  for (const std::string_view sql :
       {"SELECT a.b,?1,:x,1.5e3 FROM t WHERE x='unclosed", "/* unclosed", "-- to the end",
        "\"unclosed", "a||'b'||\"c\"", ""}) {
    std::string text;
    for (const SqlToken& token : tokenize_sql(sql)) text += token.text;
    EXPECT_EQ(text, sql);
  }
}

}  // namespace
}  // namespace soundcheck
