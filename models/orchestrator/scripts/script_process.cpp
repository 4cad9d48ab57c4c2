#include "models/orchestrator/scripts/script_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "models/orchestrator/scripts/javascript.hpp"
#include "models/orchestrator/scripts/jq_filter.hpp"

namespace soundcheck::conductor {

namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SOUNDCHECK_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SOUNDCHECK_ADDRESS_SANITIZER
#endif

#ifdef SOUNDCHECK_ADDRESS_SANITIZER
constexpr bool kAddressSpaceCanBeLimited = false;  // its shadow memory alone is 20 TB
#else
constexpr bool kAddressSpaceCanBeLimited = true;
#endif

// No signal when the other side is gone, only an error.
bool send_all(int socket, const void* data, std::size_t size) {
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = ::send(socket, next, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    next += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int socket, void* data, std::size_t size) {
  char* next = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t received = ::recv(socket, next, size, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    next += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

bool send_text(int socket, const std::string& text) {
  const std::uint64_t size = text.size();
  return send_all(socket, &size, sizeof size) && send_all(socket, text.data(), text.size());
}

std::optional<std::string> receive_text(int socket) {
  std::uint64_t size = 0;
  if (!receive_all(socket, &size, sizeof size)) return std::nullopt;
  std::string text(size, '\0');
  if (!receive_all(socket, text.data(), text.size())) return std::nullopt;
  return text;
}

std::size_t address_space_now() {
  unsigned long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// What a script may use from here on. The limit counts CPU time since the process began.
void allow_cpu(int seconds) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto limit = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 1);
  const rlimit both{limit, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &both);
}

void restrict_process(const ScriptLimits& limits) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number :
       {SIGXCPU, SIGINT, SIGTERM, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGCHLD}) {
    signal(number, SIG_DFL);
  }
  signal(SIGINT, SIG_IGN);  // a Ctrl-C is the simulator's business
  clearenv();               // what jq's $ENV shows
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (kAddressSpaceCanBeLimited) {
    const auto most = static_cast<rlim_t>(address_space_now() + limits.process_bytes);
    const rlimit both{most, most};
    setrlimit(RLIMIT_AS, &both);
  }
  if (std::freopen("/dev/null", "w", stderr) == nullptr)
    _exit(1);  // libjq complains there when it dies
}

[[noreturn]] void serve(int socket, const ScriptLimits& limits) {
  restrict_process(limits);
  JqFilters filters;
  for (;;) {
    std::uint8_t language = 0;
    if (!receive_all(socket, &language, sizeof language)) _exit(0);
    const std::optional<std::string> script = receive_text(socket);
    const std::optional<std::string> input = script ? receive_text(socket) : std::nullopt;
    if (!input) _exit(0);
    allow_cpu(limits.cpu_seconds);
    const std::expected<std::string, std::string> result =
        static_cast<ScriptLanguage>(language) == ScriptLanguage::kJavascript
            ? run_javascript(*script, *input, limits.javascript_bytes)
            : filters.run(*script, *input);
    const std::uint8_t good = result ? 1 : 0;
    if (!send_all(socket, &good, sizeof good)) _exit(0);
    if (!send_text(socket, result ? *result : result.error())) _exit(0);
  }
}

}  // namespace

ScriptProcess::~ScriptProcess() {
  stop();
}

bool ScriptProcess::start() {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return false;
  std::fflush(stdout);  // or the copy would write what is still buffered once more
  std::fflush(stderr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(sockets[0]);
    serve(sockets[1], limits_);
  }
  ::close(sockets[1]);
  if (child < 0) {
    ::close(sockets[0]);
    return false;
  }
  process_ = child;
  owner_ = ::getpid();
  socket_ = sockets[0];
  ++started_;
  return true;
}

void ScriptProcess::stop() {
  if (socket_ >= 0) ::close(socket_);
  if (process_ > 0 && owner_ == ::getpid()) {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  socket_ = -1;
  process_ = 0;
}

std::expected<std::string, std::string> ScriptProcess::run(ScriptLanguage language,
                                                           const std::string& script,
                                                           const std::string& input) {
  if (process_ > 0 && owner_ != ::getpid()) stop();  // the helper of the process we were forked off
  if (process_ == 0 && !start())
    return std::unexpected("no helper process for scripts could be started");
  const auto number = static_cast<std::uint8_t>(language);
  std::uint8_t good = 0;
  std::optional<std::string> text;
  if (send_all(socket_, &number, sizeof number) && send_text(socket_, script) &&
      send_text(socket_, input) && receive_all(socket_, &good, sizeof good)) {
    text = receive_text(socket_);
  }
  if (!text) {
    stop();
    return std::unexpected(kScriptKilled);
  }
  if (!good) return std::unexpected(std::move(*text));
  return std::move(*text);
}

}  // namespace soundcheck::conductor
