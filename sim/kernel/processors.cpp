#include "sim/kernel/processors.hpp"

#include <algorithm>

namespace soundcheck {

void Processors::add(ActivityId id, std::uint64_t sequence, double work, Time now) {
  if (heap_.empty()) {
    virtual_ = 0;
    updated_ = now;
  } else {
    advance(now);
  }
  const Entry entry{((virtual_ + fixed(work)) << kSequenceBits) | sequence, id};
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
  set_rate();
}

void Processors::remove(ActivityId id, Time now) {
  advance(now);
  std::size_t index = 0;
  while (!(heap_[index].id == id)) ++index;
  remove_at(index);
  set_rate();
}

ActivityId Processors::take(Time now) {
  advance(now);
  const ActivityId id = heap_.front().id;
  const Virtual end = heap_.front().key >> kSequenceBits;
  const double rate = rate_;
  remove_at(0);
  set_rate();
  if (rate_ != rate) {
    // It ended in fact up to a nanosecond before `now` (or a thousandth after); since then the
    // others had their new rate. Without this each end in a busy period would cost them some time.
    const double ratio = rate_ / rate;
    if (virtual_ >= end)
      virtual_ = end + fixed(to_nanoseconds(virtual_ - end) * ratio);
    else
      virtual_ = end - std::min(end, fixed(to_nanoseconds(end - virtual_) * ratio));
  }
  return id;
}

void Processors::set_speed(double speed, Time now) {
  advance(now);
  speed_ = speed;
  set_rate();
}

Time Processors::next_end() const {
  // A thousandth of a nanosecond absorbs the rounding of the virtual clock: three equal thirds end
  // on the nanosecond.
  constexpr double kRounding = 1e-3;
  const Virtual end = heap_.front().key >> kSequenceBits;
  if (end <= virtual_) return updated_;
  const double work = to_nanoseconds(end - virtual_);
  const double exact = (rate_ == 1.0 ? work : work / rate_) - kRounding;  // a division is slow
  if (exact <= 0) return updated_;
  if (exact > 4e18) return Time::never();
  const auto whole = static_cast<std::int64_t>(exact);
  return updated_ + Duration::nanoseconds(whole + (static_cast<double>(whole) < exact ? 1 : 0));
}

void Processors::advance(Time now) {
  const std::int64_t elapsed = (now - updated_).count();
  updated_ = now;
  if (elapsed == 0) return;
  if (rate_ == 1.0) {
    virtual_ += Virtual{static_cast<std::uint64_t>(elapsed)} << kFractionBits;
  } else {
    virtual_ += fixed(static_cast<double>(elapsed) * rate_);
  }
}

void Processors::set_rate() {
  const auto running = static_cast<double>(heap_.size());
  rate_ = running <= cores_ ? speed_ : speed_ * cores_ / running;
}

void Processors::remove_at(std::size_t index) {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  if (index > 0 && last.key < heap_[(index - 1) / 2].key)
    sift_up(index, last);
  else
    sift_down(index, last);
}

void Processors::sift_up(std::size_t index, Entry entry) {
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (heap_[parent].key <= entry.key) break;
    heap_[index] = heap_[parent];
    index = parent;
  }
  heap_[index] = entry;
}

void Processors::sift_down(std::size_t index, Entry entry) {
  const std::size_t size = heap_.size();
  for (;;) {
    std::size_t child = index * 2 + 1;
    if (child >= size) break;
    if (child + 1 < size && heap_[child + 1].key < heap_[child].key) ++child;
    if (entry.key <= heap_[child].key) break;
    heap_[index] = heap_[child];
    index = child;
  }
  heap_[index] = entry;
}

}  // namespace soundcheck
