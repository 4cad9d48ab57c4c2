#pragma once

#include <cstdint>
#include <optional>

#include "sim/core/distribution.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

enum class Backoff : std::uint8_t { kConstant, kLinear, kExponential };
// none: exactly the back-off; full: uniform in 0 .. back-off; equal: half of it fixed, half uniform
// (Brooker, "Exponential Backoff and Jitter", 2015).
enum class Jitter : std::uint8_t { kNone, kFull, kEqual };

struct RetryPolicy {
  int attempts = 1;  // in all, so 1 means no retry
  Backoff backoff = Backoff::kExponential;
  Duration base = Duration::milliseconds(100);
  Duration max = Duration::seconds(10);
  Jitter jitter = Jitter::kNone;
};

// When a caller stops asking a callee that fails: see CircuitBreaker.
struct BreakerPolicy {
  double errors = 0.5;       // share of failed attempts that opens it
  std::uint32_t calls = 20;  // of fewer attempts no share is taken
  Duration window = Duration::seconds(10);
  Duration open = Duration::seconds(5);
};

enum class Balancing : std::uint8_t { kRoundRobin, kRandom, kPowerOfTwo, kLeastRequests };

// How a service calls another one, or one method of it: a call site.
struct CallPolicy {
  Duration timeout = Duration::seconds(1);  // of one attempt, connecting included; zero: none
  RetryPolicy retry;
  Balancing balancing = Balancing::kRoundRobin;
  bool tls = false;  // a new connection takes two round trips instead of one
  std::optional<BreakerPolicy> breaker;
};

// How a replica takes requests in.
struct ServerPolicy {
  std::uint32_t workers =
      64;  // requests that are worked on at a time; a worker waits with its request
  std::uint32_t queue = 256;  // requests that may wait; more are refused
};

// What a request of a method costs before its handler runs, and on the wire.
struct EndpointCosts {
  Distribution cpu;                 // of one core of speed 1; constant(0s): nothing
  std::int64_t request_bytes = -1;  // -1: the size of the message as JSON plus headers
  std::int64_t reply_bytes = -1;
};

// Bytes of an HTTP/1.1 request line or status line with the usual headers.
inline constexpr std::int64_t kHttpHeaderBytes = 300;

}  // namespace soundcheck
