#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace soundcheck::cli {

enum class ColorChoice { kAuto, kAlways, kNever };

// The two streams of the program: what was asked for goes to standard output, everything said about
// it to standard error. Knows whether a person looks at them.
class Console {
 public:
  Console();

  // `auto`: coloured on a terminal, unless the environment has NO_COLOR or a dumb terminal.
  void set_color(ColorChoice choice);

  void print(std::string_view text);  // to standard output, as it is
  void say(std::string_view text);    // to standard error, as it is
  // A sentence of trouble on standard error: "soundcheck: error: ...". `hint` stands below it.
  void complain(std::string_view sentence, std::string_view hint = {});

  bool colors_output() const { return colors_output_; }
  bool colors_errors() const { return colors_errors_; }
  bool errors_reach_a_person() const { return errors_are_terminal_; }

  // Makes sure that everything printed has arrived: false if standard output could not take it.
  bool flush();

 private:
  bool output_is_terminal_;
  bool errors_are_terminal_;
  bool colors_output_ = false;
  bool colors_errors_ = false;
};

// Puts colours into text that is read by people as it is, too: "error[E012]" and the carets of
// diagnostics.
std::string with_colors(std::string_view diagnostics);

}  // namespace soundcheck::cli
