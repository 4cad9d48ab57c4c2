#include "reports/summary/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/summary/causes.hpp"
#include "reports/text/quantities.hpp"
#include "reports/text/text_table.hpp"

namespace soundcheck {

namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kMostFaultsByType = 3;  // with more faults, all of them together
constexpr std::size_t kMostSagas = 5;

enum class Ink : std::uint8_t { kPlain, kGood, kBad, kDoubtful, kHeading };

class SummaryWriter {
 public:
  SummaryWriter(const RunReport& report, const SummaryStyle& style)
      : report_(report), style_(style) {}

  std::string run(const SummaryFooter& footer) {
    write_verdict();
    write_checks();
    write_sagas();
    write_workflows();
    write_saga_work();
    write_requests();
    write_causes();
    write_invariants();
    write_faults();
    write_footer(footer);
    return std::move(text_);
  }

 private:
  std::string ink(Ink ink, std::string_view text) const {
    static constexpr std::string_view kCodes[] = {"", "32", "31", "33", "1"};
    if (!style_.colour || ink == Ink::kPlain) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
  }
  static Ink ink_of(CheckStatus status) {
    return status == CheckStatus::kPass   ? Ink::kGood
           : status == CheckStatus::kFail ? Ink::kBad
                                          : Ink::kDoubtful;
  }
  static std::string_view mark_of(CheckStatus status) {
    return status == CheckStatus::kPass ? "✓" : status == CheckStatus::kFail ? "✗" : "?";
  }
  void heading(std::string_view title, std::string_view remark = "") {
    text_ += "\n" + ink(Ink::kHeading, title);
    if (!remark.empty()) text_ += "  " + std::string(remark);
    text_ += "\n";
  }
  // A table whose marks are coloured once the columns are set.
  void add(const TextTable& table) {
    std::string body = table.text(kIndent, style_.width);
    if (style_.colour) {
      for (const CheckStatus status : {CheckStatus::kPass, CheckStatus::kFail}) {
        const std::string_view mark = mark_of(status);
        const std::string coloured = ink(ink_of(status), mark);
        for (std::size_t at = body.find(mark); at != std::string::npos;
             at = body.find(mark, at + coloured.size()))
          body.replace(at, mark.size(), coloured);
      }
    }
    text_ += body;
  }

  void write_verdict() {
    const std::string verdict = wrap(report_.sentence, style_.width, kIndent);
    const std::size_t colon = std::min(verdict.find(':'), verdict.size());
    text_ += ink(ink_of(status_of(report_.exit_code)), verdict.substr(0, colon)) +
             verdict.substr(colon) + "\n";
    if (!report_.facts.came_to_rest && report_.facts.aborted == 0)
      text_ += ink(Ink::kDoubtful, "!") +
               " The run was still busy at the limit of settle: what was open then counts as "
               "stuck.\n";
    if (!report_.bottleneck) return;
    const ResourceReport& full = *report_.bottleneck;
    const std::string sentence =
        fmt::format("The bottleneck: {}, {} used in the busiest ten seconds.", full.text(),
                    percent_text(full.busiest));
    text_ +=
        ink(Ink::kDoubtful, "!") + " " + wrap(sentence, style_.width - kIndent, kIndent) + "\n";
  }

  void write_checks() {
    if (report_.checks.empty()) return;
    heading("CHECKS");
    TextTable table({{"", Align::kLeft}, {"", Align::kLeft}, {"", Align::kLeft}});
    for (const Check& check : report_.checks)
      table.add({std::string(mark_of(check.status)), check.expectation, check.observed});
    add(table);
  }

  void write_sagas() {
    if (report_.sagas_started == 0) return;
    heading("SAGAS");
    std::vector<TextTable::Column> columns{{"", Align::kLeft}, {"started"}};
    std::vector<SagaOutcome> shown;
    for (const SagaOutcome outcome : kAllSagaOutcomes) {
      // Not all fit: the rare ones are shown in place of those that did not occur.
      const bool is_rare = outcome == SagaOutcome::kNotUndone || outcome == SagaOutcome::kUnjudged;
      const bool rare = report_.sagas_in(SagaOutcome::kNotUndone) +
                            report_.sagas_in(SagaOutcome::kUnjudged) + report_.sagas_open >
                        0;
      const bool fits = !rare && !is_rare;
      if (fits || report_.sagas_in(outcome) > 0) shown.push_back(outcome);
    }
    if (report_.sagas_open > 0) columns.push_back({"open"});
    for (const SagaOutcome outcome : shown) columns.push_back({std::string(name_of(outcome))});
    TextTable table(std::move(columns));
    for (const WorkflowReport& workflow : report_.workflows) {
      std::vector<std::string> row{workflow.workflow, count_text(workflow.started)};
      if (report_.sagas_open > 0) row.push_back(count_text(workflow.open));
      for (const SagaOutcome outcome : shown) {
        const std::uint64_t count = workflow.outcomes[static_cast<std::size_t>(outcome)];
        row.push_back(count == 0 ? "-" : count_text(count));
      }
      table.add(std::move(row));
    }
    add(table);
    write_unjudged();
    write_worst_sagas();
  }

  void write_unjudged() {
    if (report_.sagas_of_unjudged_workflows() == 0) return;
    std::string names;
    for (const WorkflowReport& workflow : report_.workflows) {
      const auto& unjudged = report_.facts.unjudged_workflows;
      if (std::ranges::find(unjudged, workflow.workflow) != unjudged.end())
        names += (names.empty() ? "" : ", ") + workflow.workflow;
    }
    line(CheckStatus::kUnknown,
         "unjudged: nothing says what undoes what in " + names + " (sagas: of the scenario)");
  }

  void write_worst_sagas() {
    const std::size_t shown = std::min(report_.worst_sagas.size(), kMostSagas);
    TextTable table({{"", Align::kLeft},
                     {"", Align::kLeft},
                     {"", Align::kLeft},
                     {"", Align::kLeft},
                     {"", Align::kLeft}});
    for (std::size_t i = 0; i < shown; ++i) {
      const SagaReport& saga = report_.worst_sagas[i];
      std::string facts = fmt::format("from t = {}", short_text(saga.started));
      if (saga.retries > 0) facts += ", " + counted(saga.retries, "retry", "retries");
      if (!saga.violated.empty()) facts += ", breaks ";
      for (std::size_t k = 0; k < saga.violated.size(); ++k)
        facts += (k > 0 ? " " : "") + saga.violated[k];
      const bool is_open =
          saga.outcome == SagaOutcome::kNeedsHuman || saga.outcome == SagaOutcome::kUnjudged;
      table.add({is_open ? "?" : "✗", saga.workflow + " " + saga.id,
                 std::string(name_of(saga.outcome)), saga.step.empty() ? "" : "at " + saga.step,
                 facts});
    }
    add(table);
    if (report_.worst_sagas.size() > shown)
      text_ += fmt::format("  … and more of them in run.json\n");
  }

  // Workflows that the user brought, in the words of Conductor; the others are told as sagas.
  void write_workflows() {
    if (report_.facts.own_workflows.empty()) return;
    heading("WORKFLOWS", "longest: of those that ended");
    TextTable table({{"", Align::kLeft},
                     {"started"},
                     {"COMPLETED"},
                     {"FAILED"},
                     {"TIMED_OUT"},
                     {"TERMINATED"},
                     {"running"},
                     {"longest"}});
    const auto number = [](std::uint64_t count) {
      return count == 0 ? std::string("-") : count_text(count);
    };
    for (const std::string& name : report_.facts.own_workflows) {
      const auto one = std::ranges::find(report_.executions, name, &ExecutionReport::workflow);
      if (one == report_.executions.end()) {
        table.add({name, "-"});
        continue;
      }
      table.add({name, number(one->started), number(one->completed), number(one->failed),
                 number(one->timed_out), number(one->terminated), number(one->running),
                 one->running == one->started ? "-" : short_text(one->longest)});
    }
    add(table);
    add("WORK", "of scripted workers; retry-peak: further attempts in the busiest second",
        task_work_table(report_));
    write_effects();
  }

  // Of work whose answer was heeded, and in time, there is nothing to tell.
  void write_effects() {
    TextTable table({{"", Align::kLeft},
                     {"", Align::kLeft},
                     {"effects"},
                     {"answer dropped"},
                     {"answer lost"},
                     {"done after its undo"}});
    const auto number = [](std::uint64_t count) {
      return count == 0 ? std::string("-") : count_text(count);
    };
    for (const EffectReport& one : report_.effects) {
      if (one.dropped + one.lost + one.after_undo == 0) continue;
      table.add({one.workflow, one.task, number(one.effects), number(one.dropped), number(one.lost),
                 number(one.after_undo)});
    }
    if (table.empty()) return;
    heading("EFFECTS", "work that was done, whatever the orchestrator believed");
    add(table);
  }

  // A percentile of few values is marked: another seed may well give another one.
  std::vector<std::string> work_row(std::string type, std::string period, const WorkSummary& one) {
    if (one.ended() == 0 && one.most_open == 0) return {std::move(type), std::move(period), "-"};
    if (one.ended() == 0)
      return {std::move(type), std::move(period), "-", "-", "-", count_text(one.most_open)};
    std::vector<std::string> row{std::move(type),          std::move(period),
                                 count_text(one.ended()),  percent_text(one.success()),
                                 rate_text(one.goodput()), count_text(one.most_open)};
    const std::pair<double, Duration> percentiles[] = {
        {0.5, one.p50}, {0.95, one.p95}, {0.99, one.p99}, {1, one.maximum}};
    for (const auto& [share, value] : percentiles) {
      const bool few = one.ok > 0 && rests_on_few(share, one.ok);
      any_rests_on_few_ = any_rests_on_few_ || few;
      row.push_back(one.ok == 0 ? "-" : (few ? "~" : "") + short_text(value));
    }
    return row;
  }

  void write_work(const std::vector<WorkReport>& reports,
                  std::vector<FaultReport::OfType> FaultReport::* of_fault) {
    TextTable table({{"", Align::kLeft},
                     {"", Align::kLeft},
                     {"ended"},
                     {"success"},
                     {"ok"},
                     {"open"},
                     {"p50"},
                     {"p95"},
                     {"p99"},
                     {"max"}});
    std::vector<const FaultReport*> struck;
    for (const FaultReport& fault : report_.faults) {
      if (fault.record.strikes > 0) struck.push_back(&fault);
    }
    any_rests_on_few_ = false;
    for (const WorkReport& work : reports) {
      table.add(work_row(work.type, "whole run", work.overall));
      static constexpr std::string_view kWindows[] = {"before ", "during ", "after "};
      const auto add_windows = [&](const WindowSummaries& windows, const std::string& name) {
        for (std::size_t i = 0; i < kFaultWindows; ++i)
          table.add(work_row("", std::string(kWindows[i]) + name, windows[i]));
      };
      if (struck.size() > kMostFaultsByType) {
        add_windows(work.windows, "faults");
        continue;
      }
      for (const FaultReport* const fault : struck) {
        const auto found =
            std::ranges::find(fault->*of_fault, work.type, &FaultReport::OfType::type);
        if (found != (fault->*of_fault).end()) add_windows(found->windows, fault->name());
      }
    }
    add(table);
    if (any_rests_on_few_)
      text_ += "  ~ scatters widely from seed to seed: fewer than ten values lie beyond it\n";
  }

  void write_requests() {
    if (report_.requests.empty()) return;
    heading("REQUESTS", "latency of those that succeeded; ok: a second of the load; open: at once");
    write_work(report_.requests, &FaultReport::requests);
  }

  void write_saga_work() {
    if (report_.saga_work.empty()) return;
    heading("FROM END TO END", "sagas until they ended; success: completed; open: at once");
    write_work(report_.saga_work, &FaultReport::sagas);
  }

  void add(std::string_view title, std::string_view remark, const TextTable& table) {
    if (table.empty()) return;
    heading(title, remark);
    add(table);
  }

  void write_causes() {
    add("ERRORS", "attempts: of a call, with its retries", errors_table(report_));
    add("REASONS", "why workflows and their tasks failed", failures_table(report_));
    add("RESOURCES", "of the load; waiting: for one, on average", resources_table(report_));
  }

  void write_invariants() {
    if (report_.invariants.empty()) return;
    heading("INVARIANTS", "window: how long data was inconsistent until it was repaired");
    TextTable table({{"", Align::kLeft},
                     {"", Align::kLeft},
                     {"", Align::kLeft},
                     {"violations"},
                     {"windows"},
                     {"median"},
                     {"longest"}});
    std::uint64_t quiet = 0;
    std::string nothing;
    for (const InvariantReport& one : report_.invariants) {
      const InvariantResult& result = one.result;
      const bool seen = result.status == InvariantStatus::kViolated;
      if (report_.facts.aborted != 0 && !seen) continue;
      if (result.status == InvariantStatus::kNothingToCheck)
        nothing += (nothing.empty() ? "" : " ") + one.invariant.id;
      const bool calm = result.status == InvariantStatus::kHolds ||
                        result.status == InvariantStatus::kNothingToCheck;
      const std::uint64_t windows = result.windows.count() + result.never_repaired;
      if (calm && windows == 0) {
        quiet += result.status == InvariantStatus::kHolds ? 1 : 0;
        continue;
      }
      const CheckStatus status = result.status == InvariantStatus::kViolated ? CheckStatus::kFail
                                 : calm                                      ? CheckStatus::kPass
                                        : CheckStatus::kUnknown;
      const bool closed = !result.windows.empty();
      table.add({std::string(mark_of(status)), one.invariant.id, one.invariant.title,
                 result.violations == 0 ? "-" : count_text(result.violations),
                 windows == 0 ? "-" : count_text(windows),
                 closed ? short_text(result.windows.quantile(0.5)) : "-",
                 result.never_repaired > 0 ? "to the end"
                 : closed                  ? short_text(result.windows.maximum())
                                           : "-"});
    }
    if (!table.empty()) add(table);
    if (quiet > 0)
      line(CheckStatus::kPass,
           counted(quiet, "invariant was", table.empty() ? "invariants were" : "others were") +
               " never broken");
    if (!nothing.empty()) line(CheckStatus::kUnknown, "nothing to check for " + nothing);
    write_sampled();
  }

  void write_sampled() {
    std::string sampled;
    std::string late;
    for (const InvariantReport& one : report_.invariants) {
      if (one.invariant.sampled()) sampled += " " + one.invariant.id;
      if (one.result.found_only_at_rest > 0) late += " " + one.invariant.id;
    }
    if (!sampled.empty())
      text_ += wrap("  Only sampled, for want of a key:" + sampled + ".", style_.width, 4) + "\n";
    if (!late.empty())
      text_ +=
          wrap("  Seen only at rest, a 'changed:' line is missing:" + late + ".", style_.width, 4) +
          "\n";
  }

  void line(CheckStatus status, const std::string& sentence) {
    const std::string wrapped = wrap(sentence, style_.width - kIndent - 3, 0);
    std::string body;
    for (const char c : wrapped) body += c == '\n' ? std::string("\n     ") : std::string(1, c);
    text_ += "  " + ink(ink_of(status), mark_of(status)) + "  " + body + "\n";
  }

  void write_faults() {
    if (report_.faults.empty()) return;
    heading("FAULTS",
            "first error after its start; recovery after its end, or the last that followed");
    TextTable table({{"", Align::kLeft},
                     {"", Align::kLeft},
                     {"struck"},
                     {"no effect"},
                     {"first at"},
                     {"active"},
                     {"first error"},
                     {"recovery"}});
    for (const FaultReport& fault : report_.faults) {
      const FaultRecord& record = fault.record;
      if (record.strikes == 0) {
        table.add({fault.name(), fault.title(), "never"});
        continue;
      }
      std::string recovery = "-";
      if (record.open_ended() == 0 && record.recovered > 0) {
        recovery = short_text(record.worst_recovery);
      } else if (report_.normal_is_known) {
        recovery = fmt::format("not seen, {} of {}", record.open_ended(), record.episode_count);
      }
      const std::uint64_t idle = fault.without_effect();
      table.add({fault.name(), fault.title(), fmt::format("{}×", count_text(record.strikes)),
                 idle > 0 ? fmt::format("{}×", count_text(idle)) : "-",
                 short_text(record.first_started), short_text(record.active_time),
                 record.noticed > 0 ? short_text(record.worst_detection) : "none", recovery});
    }
    add(table);
    for (const FaultReport& fault : report_.faults) {
      if (fault.record.strikes == 0)
        line(CheckStatus::kUnknown, fault.label() +
                                        " never struck: its moment did not come in this run, or "
                                        "nothing was there to strike.");
      if (fault.record.strikes > 0 && fault.record.effective == 0)
        line(CheckStatus::kUnknown,
             fault.label() + " struck, and nothing in the world was different for it.");
    }
  }

  void write_footer(const SummaryFooter& footer) {
    text_ += fmt::format("\n{}, seed {}, {} kernel, {} of load, {} simulated, {}\n",
                         report_.facts.scenario, report_.facts.seed, report_.facts.fidelity,
                         short_text(report_.load), short_text(report_.facts.ended.since_start()),
                         counted(report_.facts.events, "event", "events"));
    for (const auto& [warning, count] : report_.warnings)
      text_ +=
          shorten(fmt::format("  ! {} ({}×)", warning, count_text(count)), style_.width) + "\n";
    if (!footer.results.empty()) text_ += "Results are in " + footer.results + "\n";
    text_ += "To see the same run again:\n" + footer.replay + "\n";
  }

  const RunReport& report_;
  const SummaryStyle& style_;
  std::string text_;
  bool any_rests_on_few_ = false;
};

}  // namespace

std::string summary_text(const RunReport& report, const SummaryStyle& style,
                         const SummaryFooter& footer) {
  return SummaryWriter(report, style).run(footer);
}

}  // namespace soundcheck
