#include "models/declared/declared_step.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/http_status.hpp"

namespace soundcheck {
namespace {

// Arguments of the steps that have several, as small tables of their own.
struct CallArguments {
  std::string to;
  std::optional<Bytes> request;
  static const ParameterTable<CallArguments>& parameters();
};
struct RepeatArguments {
  std::int64_t times = 2;
  std::vector<DeclaredStep> steps;
  static const ParameterTable<RepeatArguments>& parameters();
};
struct RowsArguments {
  std::int64_t rows = 1;
  static const ParameterTable<RowsArguments>& parameters();
};
struct FailArguments {
  Probability probability;
  int status = 500;
  static const ParameterTable<FailArguments>& parameters();
};

const ParameterTable<CallArguments>& CallArguments::parameters() {
  static const auto table =
      ParameterTable<CallArguments>("call of an endpoint", "A call, and what it sends.")
          .required("to", &CallArguments::to, "service.endpoint")
          .optional("request", &CallArguments::request,
                    "size of the request on the wire; left out: as the endpoint says");
  return table;
}

const ParameterTable<RepeatArguments>& RepeatArguments::parameters() {
  static const auto table =
      ParameterTable<RepeatArguments>("repeat", "Does the same several times.")
          .optional("times", &RepeatArguments::times, "how often", between(1, 1'000'000))
          .required("steps", &RepeatArguments::steps, "what is done each time, in order");
  return table;
}

const ParameterTable<RowsArguments>& RowsArguments::parameters() {
  static const auto table =
      ParameterTable<RowsArguments>("read or write", "Rows that a step reads or writes.")
          .optional("rows", &RowsArguments::rows, "how many rows", between(1, 1'000'000));
  return table;
}

const ParameterTable<FailArguments>& FailArguments::parameters() {
  static const auto table =
      ParameterTable<FailArguments>("fail", "Answers with an error, sometimes.")
          .required("probability", &FailArguments::probability, "how often")
          .optional("status", &FailArguments::status, "HTTP status that is answered",
                    between(kFirstHttpError, kLastHttpError));
  return table;
}

const std::vector<std::string>& step_names() {
  static const std::vector<std::string> names = {
      "compute", "sleep", "call", "parallel", "sequence", "repeat", "read", "write", "fail"};
  return names;
}

// Either the name alone, or a map.
void read_call(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader) {
  if (!node.is_map()) return ParameterForm<std::string>::read(node, into.call, reader);
  CallArguments arguments;
  CallArguments::parameters().read(node, &arguments, reader);
  into.call = arguments.to;
  into.request = arguments.request;
}

void read_repeat(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader) {
  RepeatArguments arguments;
  RepeatArguments::parameters().read(node, &arguments, reader);
  into.times = arguments.times;
  into.steps = std::move(arguments.steps);
}

void read_rows(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader) {
  RowsArguments arguments;
  RowsArguments::parameters().read(node, &arguments, reader);
  into.rows = arguments.rows;
}

void read_fail(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader) {
  FailArguments arguments;
  FailArguments::parameters().read(node, &arguments, reader);
  into.probability = arguments.probability;
  into.status = arguments.status;
}

}  // namespace

const ParameterTable<DeclaredService>& DeclaredService::parameters() {
  static const auto table =
      ParameterTable<DeclaredService>("declared service",
                                      "A service described by what its endpoints do.")
          .required("endpoints", &DeclaredService::endpoints, "steps of each endpoint, in order");
  return table;
}

void ParameterForm<DeclaredStep>::read(const ParameterNode& node, DeclaredStep& into,
                                       ParameterReader& reader) {
  if (!expect_map(node, phrase(), reader)) return;
  if (node.entries.size() != 1) {
    reader.report(MistakeCode::kContradiction, node.position,
                  fmt::format("a step is exactly one thing, this one is {}", node.entries.size()),
                  "begin each step with '- '", fmt::format("expected {}", phrase()));
    return;
  }
  const auto& [name, value, name_position] = node.entries[0];
  const ParameterReader::Inside inside(reader, name);
  using Kind = DeclaredStep::Kind;
  const auto index = std::ranges::find(step_names(), name) - step_names().begin();
  into.kind = static_cast<Kind>(index);
  switch (into.kind) {
    case Kind::kCompute:
    case Kind::kSleep:
      return ParameterForm<Distribution>::read(value, into.time, reader);
    case Kind::kCall:
      return read_call(value, into, reader);
    case Kind::kParallel:
    case Kind::kSequence:
      return ParameterForm<std::vector<DeclaredStep>>::read(value, into.steps, reader);
    case Kind::kRepeat:
      return read_repeat(value, into, reader);
    case Kind::kRead:
    case Kind::kWrite:
      return read_rows(value, into, reader);
    case Kind::kFail:
      return read_fail(value, into, reader);
  }
  reader.report_unknown(MistakeCode::kUnknownField, name_position,
                        fmt::format("'{}' is no step of an endpoint", name), name, step_names(),
                        "steps");
}

ParameterNode ParameterForm<DeclaredStep>::print(const DeclaredStep& step) {
  using Kind = DeclaredStep::Kind;
  ParameterNode value;
  switch (step.kind) {
    case Kind::kCompute:
    case Kind::kSleep:
      value = ParameterForm<Distribution>::print(step.time);
      break;
    case Kind::kCall: {
      const CallArguments arguments{step.call, step.request};
      value = step.request ? CallArguments::parameters().print(&arguments)
                           : ParameterForm<std::string>::print(step.call);
      break;
    }
    case Kind::kParallel:
    case Kind::kSequence:
      value = ParameterForm<std::vector<DeclaredStep>>::print(step.steps);
      break;
    case Kind::kRepeat: {
      const RepeatArguments arguments{step.times, step.steps};
      value = RepeatArguments::parameters().print(&arguments);
      break;
    }
    case Kind::kRead:
    case Kind::kWrite: {
      const RowsArguments arguments{step.rows};
      value = RowsArguments::parameters().print(&arguments);
      break;
    }
    case Kind::kFail: {
      const FailArguments arguments{step.probability, step.status};
      value = FailArguments::parameters().print(&arguments);
      break;
    }
  }
  ParameterNode node = ParameterNode::map();
  node.set(step_names().at(static_cast<std::size_t>(step.kind)), std::move(value));
  return node;
}

Json ParameterForm<DeclaredStep>::schema(SchemaWriter& writer) {
  const Json reference = {{"$ref", "#/definitions/step"}};
  if (writer.definitions.contains("step")) return reference;
  writer.definitions["step"] = true;  // parallel steps refer to steps
  const Json properties = {{"compute", ParameterForm<Distribution>::schema(writer)},
                           {"sleep", ParameterForm<Distribution>::schema(writer)},
                           {"call",
                            {{"anyOf",
                              {ParameterForm<std::string>::schema(writer),
                               CallArguments::parameters().schema(writer)}}}},
                           {"parallel", ParameterForm<std::vector<DeclaredStep>>::schema(writer)},
                           {"sequence", ParameterForm<std::vector<DeclaredStep>>::schema(writer)},
                           {"repeat", RepeatArguments::parameters().schema(writer)},
                           {"read", RowsArguments::parameters().schema(writer)},
                           {"write", RowsArguments::parameters().schema(writer)},
                           {"fail", FailArguments::parameters().schema(writer)}};
  writer.definitions["step"] = {{"type", "object"},
                                {"description", phrase()},
                                {"properties", properties},
                                {"additionalProperties", false},
                                {"patternProperties", {{"^[^(]*\\)$", {{"type", "null"}}}}},
                                {"minProperties", 1}};
  return reference;
}

}  // namespace soundcheck
