#pragma once

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace soundcheck::bench {

// The options of a benchmark program, `--name value` each; anything else ends it with exit code 2.
class Options {
 public:
  Options(int argc, char** argv, std::initializer_list<std::string_view> known)
      : argc_(argc), argv_(argv) {
    for (int i = 1; i < argc; i += 2) {
      bool found = false;
      for (std::string_view name : known) found = found || name == argv[i];
      if (!found) stop(fmt::format("unknown option '{}'", argv[i]));
      if (i + 1 == argc) stop(fmt::format("'{}' needs a value", argv[i]));
    }
  }

  std::string_view text(std::string_view name, std::string_view otherwise) const {
    for (int i = 1; i < argc_; i += 2) {
      if (name == argv_[i]) return argv_[i + 1];
    }
    return otherwise;
  }

  std::int64_t count(std::string_view name, std::int64_t otherwise) const {
    const std::string_view value = text(name, "");
    if (value.empty()) return otherwise;
    const auto [number, unit] = parse(name, value);
    if (!unit.empty()) stop(fmt::format("'{} {}': expected a whole number", name, value));
    return number;
  }

  // A simulated time as a whole number of ns, us, ms or s, e.g. 5ms; returned in nanoseconds.
  std::int64_t nanoseconds(std::string_view name, std::int64_t otherwise) const {
    const std::string_view value = text(name, "");
    if (value.empty()) return otherwise;
    const auto [number, unit] = parse(name, value);
    if (unit == "ns") return number;
    if (unit == "us") return number * 1'000;
    if (unit == "ms") return number * 1'000'000;
    if (unit == "s") return number * 1'000'000'000;
    stop(fmt::format("'{} {}': expected a duration such as 5ms", name, value));
  }

  [[noreturn]] static void stop(std::string_view complaint) {
    fmt::print(stderr, "{}\n", complaint);
    std::exit(2);
  }

 private:
  struct Quantity {
    std::int64_t number;
    std::string_view unit;
  };

  static Quantity parse(std::string_view name, std::string_view value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || number <= 0) {
      stop(fmt::format("'{} {}': expected a positive number", name, value));
    }
    return {number, value.substr(static_cast<std::size_t>(end - value.data()))};
  }

  int argc_;
  char** argv_;
};

}  // namespace soundcheck::bench
