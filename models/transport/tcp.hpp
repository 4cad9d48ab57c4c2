#pragma once

#include <cstdint>

#include "sim/core/time.hpp"

// What TCP does on Linux with its defaults, as far as the models of this house tell it apart.
namespace soundcheck::tcp {

// SYN, SYN-ACK, RST, FIN with their headers.
inline constexpr std::int64_t kSegmentBytes = 60;

// Before a lost SYN or SYN-ACK is sent again; doubles (RFC 6298, section 2.1).
inline constexpr Duration kConnectTimeout = 1_s;
inline constexpr std::uint8_t kConnectRetries = 6;  // net.ipv4.tcp_syn_retries: about a minute

// Before a lost message is sent again; doubles. The least that Linux waits (TCP_RTO_MIN): routes
// inside a data centre and between regions are all shorter.
inline constexpr Duration kRetransmissionTimeout = 200_ms;
// Then the connection is given up: 200 ms * (2^9 - 1), about 102 s. RFC 1122, section 4.2.3.5 asks
// for at least 100 s. (Linux' own net.ipv4.tcp_retries2, 15, is a quarter of an hour: every
// caller's patience ends before.)
inline constexpr std::uint8_t kRetransmissions = 9;

// TLS 1.3 (RFC 8446): one more round trip. A hello; a hello with a chain of certificates.
inline constexpr std::int64_t kTlsHelloBytes = 500;
inline constexpr std::int64_t kTlsAnswerBytes = 4000;

}  // namespace soundcheck::tcp
