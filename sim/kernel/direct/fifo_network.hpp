#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/kernel/link_star.hpp"
#include "sim/kernel/network_state.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// One direction of a link: serves messages first in, first out at its bandwidth.
struct LinkQueue {
  explicit LinkQueue(const LinkSpec& spec);

  Duration length_of(std::int64_t message) {
    if (message != bytes) {  // mostly the same few sizes; converting to a double and back is slow
      bytes = message;
      length = serialization(message, nanoseconds_per_byte);
    }
    return length;
  }
  void set_speed(double its_nanoseconds_per_byte) {
    nanoseconds_per_byte = its_nanoseconds_per_byte;
    bytes = -1;
  }

  bool shared;   // else no message waits for another
  Time free_at;  // when everything sent over it so far is through
  double nanoseconds_per_byte;
  std::int64_t bytes = -1;  // of the last message
  Duration length;          // of that one
};

// Bandwidth and queueing of the star of stars described in platform.hpp, for `direct`. A message
// books every link of its route when it is sent, in constant time:
//   start at a link = the later of its start at the link before and of the end of the backlog
//   arrival = latency of the route + the latest (start + bytes / bandwidth) of its links
// that is cut-through switching: a message alone takes the latency plus its bytes over the
// narrowest bandwidth. A link's backlog is counted from the sending of its messages, not from when
// their heads reach it: a message that is still far away (long latency, slow link before) does not
// hold up one from next door.
class FifoNetwork {
 public:
  FifoNetwork(const Platform& platform, const NetworkState& state);

  // When the last byte of a message sent at `now` is through its links; it arrives a latency later.
  // The route is open.
  Time send(Time now, HostId from, HostId to, std::int64_t bytes);

  // Takes back what is left to send at `now` of a message whose last byte would be through at
  // `through`, and says how much that is: those sent from now on do not wait for it (those behind
  // it keep their time).
  double withdraw(Time now, HostId from, HostId to, double bytes, Time through);
  // Sends that rest again.
  Time send_rest(Time now, HostId from, HostId to, double bytes);

  // What is sent from now on goes at the platform's bandwidth times `factor`. Messages under way
  // keep their time: they are withdrawn before and sent again after.
  void set_bandwidth_factor(HostId host, double factor);

 private:
  struct Slowness {  // nanoseconds for a byte as the platform says
    double up;
    double down;
  };

  // `length_of` says how long a link is busy with the message.
  template <class LengthOf>
  Time book(Time now, HostId from, HostId to, LengthOf length_of);

  const NetworkState& state_;
  LinkStar<LinkQueue> links_;
  std::vector<Slowness> planned_;
};

}  // namespace soundcheck
