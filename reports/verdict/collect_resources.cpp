// How much was used of what there is only so much of, and what of it was the bottleneck.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "reports/verdict/collect.hpp"

namespace soundcheck {

std::string ResourceReport::text() const {
  return fmt::format("{} of {}", name_of(kind), owner);
}

namespace {

// From here on something counts as full.
constexpr double kFull = 0.95;
// Workers and connections pile up for a while behind whatever fails: full for less than half of the
// load they are a symptom.
constexpr double kLasting = 0.5;

// The largest share of the capacity in ten seconds of the load, as far as the series tells.
double busiest_of_workers(const RunRecorder& recorder, std::size_t service, double capacity,
                          Duration load) {
  const Series& series = recorder.series();
  const auto& rows = series.services()[service];
  const std::int64_t stretch = std::max<std::int64_t>(10, series.step_seconds());
  const auto load_seconds = static_cast<std::int64_t>(load.in_seconds());
  double busiest = 0;
  double busy = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t end = series.run()[i].second + series.step_seconds();
    if (end > load_seconds) break;
    busy += static_cast<double>(rows[i].busy) / 1e9;
    for (; series.run()[first].second < end - stretch; ++first)
      busy -= static_cast<double>(rows[first].busy) / 1e9;
    if (end >= stretch) busiest = std::max(busiest, busy / static_cast<double>(stretch));
  }
  return busiest / capacity;
}

ResourceReport& entry_of(const Resource& resource, std::vector<ResourceReport>& reports) {
  for (ResourceReport& one : reports) {
    if (one.kind == resource.kind && one.owner == resource.owner) return one;
  }
  return reports.emplace_back(ResourceReport{.kind = resource.kind, .owner = resource.owner});
}

void add_workers(const RunRecorder& recorder, const Resource& workers, ResourceReport& entry,
                 const RunReport& report) {
  const auto service = std::ranges::find(recorder.directory().services, workers.owner);
  if (service == recorder.directory().services.end()) return;
  const auto number = static_cast<std::size_t>(service - recorder.directory().services.begin());
  const ServiceTally& tally = recorder.traffic().services()[number];
  const double seconds = report.load.in_seconds();
  const double waited =
      tally.in_queue.mean().in_seconds() * static_cast<double>(tally.in_queue.count());
  entry.used = tally.busy_in_load.in_seconds() / (seconds * workers.capacity);
  entry.busiest =
      std::max(entry.used, busiest_of_workers(recorder, number, workers.capacity, report.load));
  entry.waiting = waited / seconds;
}

// Whether whoever holds `upper` may be waiting for `lower`: both of one service, or calls lead from
// one to the other.
class Dependencies {
 public:
  explicit Dependencies(const std::vector<CallReport>& calls) : calls_(calls) {}

  bool leads(const ResourceReport& upper, const ResourceReport& lower) {
    if (upper.owner == lower.owner)
      return upper.kind == ResourceKind::kWorkers && lower.kind != ResourceKind::kWorkers;
    seen_.clear();
    return reaches(upper.owner, lower.owner);
  }

 private:
  bool reaches(const std::string& from, std::string_view to) {
    if (std::ranges::find(seen_, from) != seen_.end()) return false;
    seen_.push_back(from);
    return std::ranges::any_of(calls_, [&](const CallReport& call) {
      if (call.caller != from) return false;
      const std::string callee = call.method.substr(0, call.method.find('.'));
      return callee == to || reaches(callee, to);
    });
  }

  const std::vector<CallReport>& calls_;
  std::vector<std::string> seen_;
};

bool is_hardware(const ResourceReport& one) {
  return one.kind != ResourceKind::kConnections && one.kind != ResourceKind::kWorkers;
}

// Hardware that is full waits for nothing. Workers and connections are held by those who wait for
// something else, so of them it is the one furthest down.
std::optional<ResourceReport> bottleneck_of(const RunReport& report) {
  std::vector<const ResourceReport*> full;
  for (const ResourceReport& one : report.resources) {
    const bool waited_for = one.waiting > 0 || one.kind == ResourceKind::kLink;
    const bool lasts = is_hardware(one) || one.used >= kLasting;
    if (one.busiest >= kFull && waited_for && lasts) full.push_back(&one);
  }
  if (full.empty()) return std::nullopt;
  const auto used_less = [](const ResourceReport* a, const ResourceReport* b) {
    if (is_hardware(*a) != is_hardware(*b)) return is_hardware(*b);
    return a->used != b->used ? a->used < b->used : a->waiting < b->waiting;
  };
  const ResourceReport* most = *std::ranges::max_element(full, used_less);
  if (is_hardware(*most)) return *most;
  Dependencies dependencies(report.calls);
  for (const ResourceReport* const one : full) {
    const bool waits = std::ranges::any_of(full, [&](const ResourceReport* other) {
      return other != one && dependencies.leads(*one, *other);
    });
    if (!waits) return *one;
  }
  return *most;
}

}  // namespace

void collect_resources(const RunRecorder& recorder, RunReport& report) {
  if (report.load <= Duration()) return;
  const ResourceLog& log = recorder.resources();
  const double seconds = report.load.in_seconds();
  for (std::size_t i = 0; i < log.resources().size(); ++i) {
    const Resource& resource = log.resources()[i];
    ResourceReport& entry = entry_of(resource, report.resources);
    entry.capacity += resource.capacity;
    if (resource.kind == ResourceKind::kWorkers) {
      add_workers(recorder, resource, entry, report);
      continue;
    }
    const ResourceLog::Use& use = log.uses()[i];
    entry.used += use.used / seconds;  // units, until the capacity of all is known
    entry.busiest = std::max(entry.busiest, use.busiest);
    entry.waiting += use.waited / seconds;
  }
  for (ResourceReport& one : report.resources) {
    if (one.kind != ResourceKind::kWorkers) one.used /= one.capacity;
  }
  std::erase_if(report.resources, [](const ResourceReport& one) { return one.used <= 0; });
  std::ranges::sort(report.resources, [](const ResourceReport& a, const ResourceReport& b) {
    return std::tie(b.busiest, b.used, a.owner, a.kind) <
           std::tie(a.busiest, a.used, b.owner, b.kind);
  });
  report.bottleneck = bottleneck_of(report);
}

}  // namespace soundcheck
