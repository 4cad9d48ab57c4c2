// The helper's arithmetic does not depend on what the processor can do.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "models/scripts/script_wire.hpp"

namespace soundcheck {
namespace {

// Runs one script in a helper of its own, with one variable of the environment.
std::string run_under(const char* variable, ScriptLanguage language, const std::string& script) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return "no socket";
  std::string program = SOUNDCHECK_SCRIPTS;
  std::string numbers[] = {"60", "67108864", "536870912"};
  char* const arguments[] = {program.data(), numbers[0].data(), numbers[1].data(),
                             numbers[2].data(), nullptr};
  std::string setting = variable;
  char* const environment[] = {setting.data(), nullptr};
  const int theirs = ::dup(sockets[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs, script_wire::kSocket);
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  ::close(theirs);
  ::close(sockets[1]);
  std::string answer = "no answer";
  ScriptEnd end{};
  if (failed == 0 && script_wire::send_all(sockets[0], &language, sizeof language) &&
      script_wire::send_text(sockets[0], script) && script_wire::send_text(sockets[0], "{}") &&
      script_wire::receive_all(sockets[0], &end, sizeof end)) {
    answer = script_wire::receive_text(sockets[0]).value_or("no text");
    if (end != ScriptEnd::kValue) answer = "failed: " + answer;
  }
  ::close(sockets[0]);
  if (failed == 0) ::waitpid(child, nullptr, 0);
  return answer;
}

// Seen with glibc's own functions: both hashes differ between the two environments.
constexpr const char* kEverything = "UNUSED=1";
constexpr const char* kOldProcessor =
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-AVX512F";

TEST(RepeatableMath, OfJavascriptIsTheSameOnEveryProcessor) {
  const std::string script = R"js(
    let hash = 0;
    const mix = x => { for (const c of String(x)) hash = (hash * 31 + c.charCodeAt(0)) | 0; };
    for (let i = 1; i < 1500; i++) {
      const x = i * 0.37;
      for (const f of [Math.sin, Math.cos, Math.tan, Math.atan, Math.log, Math.log2, Math.log10,
                       Math.log1p, Math.cbrt, Math.sqrt]) mix(f(x));
      for (const f of [Math.asin, Math.acos, Math.atanh, Math.exp, Math.expm1, Math.sinh, Math.cosh,
                       Math.tanh]) mix(f(1 / (i + 1)));
      mix(x ** 1.3); mix(Math.pow(1.0001, x)); mix(Math.atan2(x, 3)); mix(Math.hypot(x, 2));
    }
    hash)js";
  const std::string hash = run_under(kEverything, ScriptLanguage::kJavascript, script);
  EXPECT_EQ(hash.find_first_not_of("-0123456789"), std::string::npos) << hash;
  EXPECT_EQ(run_under(kOldProcessor, ScriptLanguage::kJavascript, script), hash);
}

TEST(RepeatableMath, OfJqIsTheSameOnEveryProcessor) {
  const std::string filter =
      "[range(1; 300) | . * 0.37 | ., 1 / . | [sin, cos, tan, atan, log, log2, log10, log1p, "
      "exp2, "
      "exp10, exp, expm1, cbrt, tanh, asinh, lgamma, tgamma, pow(.; 1.3), atan2(.; 3)]] "
      "| tostring | explode | reduce .[] as $c (0; (. * 31 + $c) % 1000003)";
  const std::string hash = run_under(kEverything, ScriptLanguage::kJq, filter);
  EXPECT_EQ(hash.find_first_not_of("[]0123456789"), std::string::npos) << hash;
  EXPECT_EQ(run_under(kOldProcessor, ScriptLanguage::kJq, filter), hash);
}

// What has an exact value has it here too.
TEST(RepeatableMath, IsExactWhereItCanBe) {
  EXPECT_EQ(
      run_under(kEverything, ScriptLanguage::kJavascript,
                "[Math.sin(0), Math.cos(0), 2 ** 10, 2 ** -3, 4 ** 0.5, Math.pow(10, 15), "
                "Math.exp(0), Math.log(1), Math.atan2(0, 1), Math.hypot(3, 4), Math.cbrt(27)]"),
      "[0,1,1024,0.125,2,1000000000000000,1,0,0,5,3]");
  EXPECT_EQ(run_under(kEverything, ScriptLanguage::kJq,
                      "3 | [pow(2; 10), pow(10; 15), exp10, exp2, (8 | log2, cbrt), (5 | tgamma)]"),
            "[[1024,1000000000000000,1000,8,3,2,24]]");
}

}  // namespace
}  // namespace soundcheck
