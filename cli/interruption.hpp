#pragma once

namespace soundcheck::cli {

// While it lives, the first Ctrl-C, SIGTERM or SIGHUP is only noted, so that the run can end in
// order; where that does not happen within some seconds, the program ends all the same. A second
// signal ends it at once. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // What a shell says of a program that the noted signal ended: 130, 143 or 129; 0 if none came.
  int exit_code() const;
};

}  // namespace soundcheck::cli
