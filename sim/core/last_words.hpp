#pragma once

#include <functional>
#include <string>

namespace soundcheck {

// What is called once, with one line about the mistake, before the program ends because it is
// broken (exit code 70): the last chance to keep what explains it. Empty: nobody.
using LastWords = std::function<void(const std::string& mistake)>;
void set_last_words(LastWords words);

// Ends the program as a failed assertion does, for a mistake of ours that is none.
[[noreturn]] void program_is_broken(const std::string& mistake);

}  // namespace soundcheck
