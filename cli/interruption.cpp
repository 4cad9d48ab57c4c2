#include "cli/interruption.hpp"

#include <signal.h>

#include <initializer_list>

namespace soundcheck::cli {
namespace {

volatile sig_atomic_t noted = 0;

void note_signal(int signal) {
  noted = signal;
}

void handle(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = handler == SIG_DFL ? 0 : static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
  noted = 0;
  handle(note_signal);
}

Interruption::~Interruption() {
  handle(SIG_DFL);
}

int Interruption::exit_code() const {
  return noted == 0 ? 0 : 128 + noted;
}

}  // namespace soundcheck::cli
