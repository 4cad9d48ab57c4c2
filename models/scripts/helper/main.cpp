// soundcheck-scripts: the helper process that runs the scripts of definitions, for ScriptProcess.
// Arguments: CPU seconds of a script, bytes of the JavaScript heap, bytes of address space.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "models/scripts/helper/javascript.hpp"
#include "models/scripts/helper/jq_filter.hpp"
#include "models/scripts/helper/limits.hpp"
#include "models/scripts/script_wire.hpp"

namespace {

using namespace soundcheck;
using namespace soundcheck::scripts;

bool answer(const ScriptResult& result) {
  using namespace script_wire;
  return send_all(kSocket, &result.end, sizeof result.end) && send_text(kSocket, result.text);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("soundcheck-scripts runs scripts for soundcheck; it is not started by hand\n",
               stderr);
    return 64;
  }
  const int cpu_seconds = std::atoi(arguments[1]);
  const auto javascript_bytes = static_cast<std::size_t>(std::atoll(arguments[2]));
  const auto process_bytes = static_cast<std::size_t>(std::atoll(arguments[3]));

  // Before the limit of address space, which is counted from here.
  JavascriptEngine javascript(javascript_bytes);
  CpuWatch cpu([&javascript] { javascript.stop_script(); });
  restrict_process(process_bytes);
  JqFilters filters;
  for (;;) {
    using namespace script_wire;
    ScriptLanguage language{};
    if (!receive_all(kSocket, &language, sizeof language)) break;
    const std::optional<std::string> script = receive_text(kSocket);
    const std::optional<std::string> input = script ? receive_text(kSocket) : std::nullopt;
    if (!input) break;
    cpu.allow(cpu_seconds);
    const ScriptResult result = language == ScriptLanguage::kJavascript
                                    ? javascript.run(*script, *input)
                                    : filters.run(*script, *input);
    if (!answer(result)) break;
  }
  _exit(0);  // nothing to clean up that the operating system does not
}
