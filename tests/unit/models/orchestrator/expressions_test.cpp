#include <gtest/gtest.h>

#include <map>

#include "models/orchestrator/decider/input_template.hpp"
#include "models/orchestrator/decider/java_text.hpp"
#include "models/orchestrator/decider/json_path.hpp"

namespace soundcheck::conductor {
namespace {

// Values by "root.field".
class TestScope : public ExpressionScope {
 public:
  explicit TestScope(Json document) : document_(std::move(document)) {}
  const Json* value(const std::string& root, const std::string& field, Json&) const override {
    const auto it = document_.find(root);
    if (it == document_.end() || !it->is_object()) return nullptr;
    const auto found = it->find(field);
    return found == it->end() ? nullptr : &*found;
  }
  Json document() const override { return document_; }
  std::optional<std::string> variable(const std::string& name) const override {
    return name == "REGION" ? std::optional<std::string>("eu") : std::nullopt;
  }

 private:
  Json document_;
};

Json resolved(const Json& value) {
  static const TestScope scope(Json::parse(R"({
    "workflow": {"input": {"id": 7, "key": "total", "amount": 49.0, "none": null,
                 "tags": ["x", "y"]}},
    "t1": {"output": {"total": 12.5, "big": 12345678.9, "user": {"name": "ann", "age": 3},
                      "list": [{"n": "a", "p": 5}, {"n": "b", "p": 15}, {"n": "c", "p": 25}]}}})"));
  return InputTemplate(value).resolve(scope);
}

TEST(InputTemplate, KeepsTheTypeOfATextThatIsOneExpression) {
  EXPECT_EQ(resolved("${workflow.input.id}"), Json(7));
  EXPECT_EQ(resolved("${t1.output.user}"), Json::parse(R"({"name": "ann", "age": 3})"));
}

TEST(InputTemplate, WritesEmbeddedValuesAsJavaDoes) {
  EXPECT_EQ(resolved("order ${workflow.input.id}, ${workflow.input.amount}"),
            Json("order 7, 49.0"));
  EXPECT_EQ(resolved("<${t1.output.user}> <${workflow.input.tags}>"),
            Json("<{age=3, name=ann}> <[x, y]>"));
  EXPECT_EQ(resolved("${t1.output.missing} and ${workflow.input.none}"), Json("null and null"));
}

TEST(InputTemplate, NestsAndEscapes) {
  EXPECT_EQ(resolved("${t1.output.${workflow.input.key}}"), Json(12.5));
  EXPECT_EQ(resolved("$${t1.output.total}"), Json("${t1.output.total}"));
  EXPECT_EQ(resolved("a $${b} ${workflow.input.id}"), Json("a ${b} 7"));
  EXPECT_EQ(resolved("${}"), Json(""));
  EXPECT_EQ(resolved("${open"), Json("${open"));
}

TEST(InputTemplate, ReadsTheEnvironment) {
  EXPECT_EQ(resolved("${REGION}-1"), Json("eu-1"));
}

TEST(InputTemplate, ResolvesInsideObjectsAndLists) {
  EXPECT_EQ(resolved(Json::parse(
                R"({"a": ["${workflow.input.id}", {"b": "${t1.output.total}"}], "c": 1})")),
            Json::parse(R"({"a": [7, {"b": 12.5}], "c": 1})"));
}

TEST(InputTemplate, TakesMissingForNull) {
  EXPECT_TRUE(resolved("${t9.output.x}").is_null());
  EXPECT_TRUE(resolved("${t1.output.user.name.first}").is_null());
  EXPECT_EQ(resolved("${t1.output.list[?(@.p > 99)].n}"), Json::array());
}

struct PathCase {
  const char* path;
  const char* result;
};

TEST(JsonPath, ReadsWhatJaywayReads) {
  const Json document = Json::parse(R"({
    "store": {"book": [{"title": "A", "price": 8.95, "tags": ["x"]}, {"title": "B", "price": 12.99},
                       {"title": "C", "price": 22, "isbn": "1"}], "a b": {"c": 1}},
                     "n": [4, 1, 3]})");
  const PathCase cases[] = {
      {"store.book[0].title", R"("A")"},
      {"$.store.book[-1].title", R"("C")"},
      {"store['a b'].c", "1"},
      {"['store']['a b']", R"({"c": 1})"},
      {"store.book[*].title", R"(["A", "B", "C"])"},
      {"store..title", R"(["A", "B", "C"])"},
      {"store.book[0:2].title", R"(["A", "B"])"},
      {"store.book[0,2].title", R"(["A", "C"])"},
      {"store.book[?(@.price < 10)].title", R"(["A"])"},
      {"store.book[?(@.isbn)].title", R"(["C"])"},
      {"store.book[?(@.price > 10 && @.title != 'C')].title", R"(["B"])"},
      {"store.book[?(@.title == 'A' || @.title == 'B')].price", "[8.95, 12.99]"},
      {"store.book[?(!(@.isbn))].title", R"(["A", "B"])"},
      {"store.book[?(@.title in ['A', 'C'])].title", R"(["A", "C"])"},
      {"store.book.length()", "3"},
      {"n.max()", "4.0"},
      {"n.sum()", "8.0"},
      {"store.nobody.title", "null"},
  };
  for (const PathCase& expected : cases) {
    const auto path = JsonPath::parse(expected.path);
    ASSERT_TRUE(path) << expected.path;
    EXPECT_EQ(path->read(document), Json::parse(expected.result)) << expected.path;
  }
}

TEST(JsonPath, RefusesWhatIsNoPath) {
  for (const char* text : {"", "a..", "a[", "a[x]", "a['b]", "a[?(@.b > )]", "a[?(@.b]"}) {
    EXPECT_FALSE(JsonPath::parse(text)) << text;
  }
}

TEST(JavaText, WritesNumbersLikeJava) {
  EXPECT_EQ(java_text(Json(1.0e7)), "1.0E7");
  EXPECT_EQ(java_text(Json(1234567.5)), "1234567.5");
  EXPECT_EQ(java_text(Json(0.001)), "0.001");
  EXPECT_EQ(java_text(Json(0.00012)), "1.2E-4");
  EXPECT_EQ(java_text(Json(-3.0)), "-3.0");
  EXPECT_EQ(java_text(Json(17)), "17");
  EXPECT_EQ(java_text(Json(true)), "true");
}

}  // namespace
}  // namespace soundcheck::conductor
