#include <fmt/format.h>

#include <iterator>

#include "reports/output/writer.hpp"

namespace soundcheck {

namespace {

constexpr std::string_view kHeading =
    "time_s,step_s,kind,name,started,ok,failed,unknown,p50_ms,p95_ms,p99_ms,max_ms,"
    "handled,refused,retries,up,busy_s,queue_mean_ms,queue_max_ms,"
    "open_requests,open_sagas,active_faults\n";

// A name as CSV writes it (RFC 4180): in quotes if it must be.
std::string csv_name(std::string_view name) {
  if (name.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

double in_milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

// One line for each step and row: `run`, each request type, each service that did something. The
// first line names the columns and their units; a field that does not apply is empty. Steps in
// which nothing happened are left out; a long run has wider steps (column step_s), see Series.
std::string series_csv(const EndedRun& ended) {
  const RunRecorder& recorder = ended.recorder;
  const Series& series = recorder.series();
  std::vector<std::string> types;
  for (std::uint32_t type = 0; type < recorder.request_types(); ++type)
    types.push_back(csv_name(recorder.request_type(type)));
  std::vector<std::string> services;
  for (const std::string& service : recorder.directory().services)
    services.push_back(csv_name(service));

  std::string text(kHeading);
  auto out = std::back_inserter(text);
  const std::int64_t step = series.step_seconds();
  for (std::size_t i = 0; i < series.run().size(); ++i) {
    const RunPoint& run = series.run()[i];
    fmt::format_to(out, "{},{},run,,,,,,,,,,,,,,,,,{},{},{}\n", run.second, step, run.open_requests,
                   run.open_sagas, run.active_faults);
    for (std::size_t type = 0; type < series.requests().size(); ++type) {
      const auto& rows = series.requests()[type];
      const RequestPoint point = i < rows.size() ? rows[i] : RequestPoint();
      fmt::format_to(out, "{},{},request,{},{},{},{},{},", run.second, step, types[type],
                     point.started, point.ok, point.failed, point.unknown);
      if (point.ok > 0) {
        fmt::format_to(out, "{:.6g},{:.6g},{:.6g},{:.6g}", in_milliseconds(point.p50),
                       in_milliseconds(point.p95), in_milliseconds(point.p99),
                       in_milliseconds(point.maximum));
      } else {
        text += ",,,";
      }
      text += ",,,,,,,,,,\n";
    }
    for (std::size_t service = 0; service < series.services().size(); ++service) {
      const auto& rows = series.services()[service];
      if (rows.empty()) continue;
      const ServicePoint point = i < rows.size() ? rows[i] : ServicePoint();
      fmt::format_to(out, "{},{},service,{},,,{},,,,,,{},{},{},{},{:.6g},", run.second, step,
                     services[service], point.failed, point.handled, point.refused, point.retries,
                     point.up, static_cast<double>(point.busy) / 1e9);
      if (point.handled > 0) {
        fmt::format_to(out, "{:.6g},{:.6g}",
                       in_milliseconds(point.queued) / static_cast<double>(point.handled),
                       in_milliseconds(point.longest_queued));
      } else {
        text += ",";
      }
      text += ",,,\n";
    }
  }
  return text;
}

}  // namespace

Writer series_csv_writer() {
  return {.file = "series.csv",
          .help = "the run over time: requests and services, second by second",
          .text = series_csv};
}

}  // namespace soundcheck
