// Replays recorded Conductor runs:
//   conformance FOLDER [--only ID]... [--remarks] [--record FILE]
//
// FOLDER holds cases.json ("conductor-replay-cases/1") and the definitions it names. One line a
// case, then "N passed, M failed"; exit code 0 if none failed, 1 if some did, 2 for a bad folder or
// bad arguments. With --record each case and step is also written to a file, a JSON object a line.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "models/orchestrator/scripts/library_script_engine.hpp"
#include "tests/conformance/case_run.hpp"

namespace {

using soundcheck::Json;
namespace conductor = soundcheck::conductor;

struct Arguments {
  std::string folder;
  std::set<std::string> only;
  bool remarks = false;
  std::string record;
  std::string problem;
};

Arguments read_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string value = values[i];
    if (value == "--only") {
      if (i + 1 == count)
        arguments.problem = "--only needs the id of a case";
      else
        arguments.only.insert(values[++i]);
    } else if (value == "--record") {
      if (i + 1 == count)
        arguments.problem = "--record needs the name of a file";
      else
        arguments.record = values[++i];
    } else if (value == "--remarks") {
      arguments.remarks = true;
    } else if (value.starts_with("-") || !arguments.folder.empty()) {
      arguments.problem = "nothing is known about '" + value + "'";
    } else {
      arguments.folder = value;
    }
  }
  if (arguments.problem.empty() && arguments.folder.empty())
    arguments.problem = "the folder of the cases is missing";
  return arguments;
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments = read_arguments(count, values);
  if (!arguments.problem.empty()) {
    fmt::print(stderr,
               "conformance: {}\n"
               "usage: conformance FOLDER [--only ID]... [--remarks] [--record FILE]\n",
               arguments.problem);
    return 2;
  }
  const auto folder = conductor::read_case_folder(arguments.folder);
  if (!folder) {
    fmt::print(stderr, "conformance: {}\n", folder.error());
    return 2;
  }
  std::ofstream record;
  if (!arguments.record.empty()) {
    record.open(arguments.record);
    if (!record) {
      fmt::print(stderr, "conformance: {} cannot be written\n", arguments.record);
      return 2;
    }
  }
  conductor::LibraryScriptEngine scripts;
  int passed = 0, failed = 0;
  std::set<std::string> missing = arguments.only;
  for (const Json& json : folder->cases) {
    const std::string id = json.value("id", "?");
    missing.erase(id);
    if (!arguments.only.empty() && !arguments.only.contains(id)) continue;
    conductor::CaseRun run(*folder, json, scripts);
    if (record.is_open()) {
      run.record_to(
          [&](const Json& step) { record << Json{{"case", id}, {"at", step}}.dump() << '\n'; });
    }
    std::vector<std::string> failures;
    try {
      failures = run.run();
    } catch (const Json::exception& error) {
      failures = {fmt::format("the case is not written as the format asks: {}", error.what())};
    }
    fmt::print("{} {}  {}\n", failures.empty() ? "PASS" : "FAIL", id, json.value("title", ""));
    for (const std::string& failure : failures) fmt::print("    {}\n", failure);
    if (arguments.remarks) {
      for (const std::string& remark : run.remarks()) fmt::print("    (not asserted) {}\n", remark);
    }
    ++(failures.empty() ? passed : failed);
  }
  if (!missing.empty()) {
    fmt::print(stderr, "conformance: there is no case '{}' in {}\n", *missing.begin(),
               arguments.folder);
    return 2;
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
