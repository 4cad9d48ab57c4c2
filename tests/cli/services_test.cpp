#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "models/registry/registry.hpp"
#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

// Without the line breaks that fit it to the screen.
std::string on_one_line(const std::string& text) {
  std::istringstream stream(text);
  std::string result;
  for (std::string word; stream >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

TEST(Services, ThatAreRegisteredAreListed) {
  const Workplace workplace;
  for (const char* topic : {"services", "outside"}) {
    std::vector<std::string> listed, registered;
    for (const Json& entry : workplace.run({"list", topic, "--json"}).json())
      listed.push_back(entry["name"]);
    for (const ServiceBlueprint& service : registered_services()) {
      if (service.outside == (topic == std::string("outside"))) registered.push_back(service.name);
    }
    EXPECT_EQ(listed, registered);
  }
}

TEST(Services, AreExplainedByWhatTheirBlueprintsSay) {
  const Workplace workplace;
  for (const ServiceBlueprint& service : registered_services()) {
    const std::string page = on_one_line(workplace.run({"explain", service.name}).output);
    EXPECT_THAT(page, HasSubstr(on_one_line(service.help)));
    for (const MethodBinding& method : service.methods)
      EXPECT_THAT(page, HasSubstr(std::string(method.name.method)));
    for (const WorkerBinding& task : service.tasks) EXPECT_THAT(page, HasSubstr(task.task_type));
    for (const SeededDefect& defect : service.defects)
      EXPECT_THAT(page, HasSubstr(std::string(defect.name)));
    for (const RequestType& request : service.requests)
      EXPECT_THAT(page, HasSubstr(std::string(request.name)));
    for (const AnyParameterTable* const table : service.settings) {
      for (const Parameter& parameter : table->parameters())
        EXPECT_THAT(page, HasSubstr(parameter.name));
    }
  }
}

TEST(Services, ValuesOfBusinessAreInTheSchema) {
  const Json schema = Workplace().run({"schema"}).json();
  for (const Parameter& parameter : business_parameters().parameters())
    EXPECT_TRUE(schema["properties"]["business"]["properties"].contains(parameter.name));
}

}  // namespace
}  // namespace soundcheck::test
