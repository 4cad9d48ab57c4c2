#include "cli/interruption.hpp"

#include <signal.h>
#include <unistd.h>

#include <initializer_list>
#include <string_view>

namespace soundcheck::cli {
namespace {

// A run that is somewhere where nobody asks for the signal is not waited for any longer.
constexpr unsigned kSecondsToEndInOrder = 5;
constexpr std::string_view kGaveUp =
    "soundcheck: aborted: the run did not come to a stop, and nothing of it is written\n";

volatile sig_atomic_t noted = 0;

void note_signal(int signal) {
  noted = signal;
  alarm(kSecondsToEndInOrder);
}

void end_at_once(int) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kGaveUp.data(), kGaveUp.size());
  _exit(128 + noted);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = handler == SIG_DFL ? 0 : static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void handle_all(void (*handler)(int)) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, handler);
}

}  // namespace

Interruption::Interruption() {
  noted = 0;
  handle(SIGALRM, end_at_once);
  handle_all(note_signal);
}

Interruption::~Interruption() {
  handle_all(SIG_DFL);
  alarm(0);
  handle(SIGALRM, SIG_DFL);
}

int Interruption::exit_code() const {
  return noted == 0 ? 0 : 128 + noted;
}

}  // namespace soundcheck::cli
