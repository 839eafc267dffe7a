#include "server/otlp/tracer.h"

#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/executions.h"
#include "engine/core/names.h"
#include "engine/run/event_codec.h"

namespace presso::server {
namespace {

// Executions that come from one another, looked up in the store.
constexpr int kDepth = 16;
// Rows of a history read at once.
constexpr std::size_t kHistoryRows = 256;

// AWS: an event that an execution puts, or that tells of its status, names it last.
std::string origin_of(const bus::Event& event) {
  if (!event.origin.empty() || event.resources.empty()) return event.origin;
  const std::string& last = event.resources.back();
  return core::parse_execution_arn(last) ? last : std::string{};
}

std::string match_id(const std::string& event_id, const std::string& rule_arn) {
  return span_id_of(event_id + " " + rule_arn);
}

// "…:rule/NAME" of the bus `default`, "…:rule/BUS/NAME" of any other.
std::string bus_of_rule(const std::string& rule_arn) {
  constexpr std::string_view kRule = ":rule/";
  const auto at = rule_arn.find(kRule);
  const auto last = rule_arn.rfind('/');
  if (at == std::string::npos || last < at + kRule.size()) return "default";
  return rule_arn.substr(at + kRule.size(), last - at - kRule.size());
}

}  // namespace

void Tracer::turn(const TurnFacts& facts) {
  now_ = facts.now;
  for (const auto& [event, context] : facts.put) given_.put(event, context);
  for (const TurnFacts::Passed& passed : facts.events) {
    pass(passed);
    if (!passed.sent_by.empty()) send_on(passed);
  }
  Rows rows;
  for (const core::ExecutionRow& row : facts.rows) rows[row.number] = &row;
  for (const core::HistoryRow& row : facts.history) step(row, rows);
  for (const core::ExpressStep& express : facts.express) step(express);
  for (const core::DeliveryAnswered& answer : facts.ends) end(answer, facts.now);
  for (const TurnFacts::Attempt& attempt : facts.attempts) begin(attempt, facts.now);
  if (!spans_.empty()) setup_.emit(std::exchange(spans_, {}));
}

// ---- executions ----

void Tracer::step(const core::HistoryRow& row, const Rows& rows) {
  OpenSpans* open = find(row, rows);
  if (open == nullptr) return;
  const auto events = run::decode(row.pack);
  if (!events) return;
  open->apply(*events, spans_);
  open->set_next_seq(row.seq + 1);
  if (open->is_over()) open_.erase(row.number);
}

OpenSpans* Tracer::find(const core::HistoryRow& row, const Rows& rows) {
  OpenSpans* known = open_.find(row.number);
  if (known != nullptr && known->next_seq() == row.seq) return known;
  const auto found = rows.find(row.number);
  if (found == rows.end()) return nullptr;
  const core::ExecutionRow& execution = *found->second;
  std::string arn = core::execution_arn(execution.machine_arn, execution.name);
  TraceContext context = context_of(execution, arn, 0);
  OpenSpans& open = open_.put(row.number, {execution, std::move(arn), std::move(context)});
  return catch_up(open, row) ? &open : nullptr;
}

// Of what is stored nowhere only what is in memory can be told.
void Tracer::step(const core::ExpressStep& step) {
  OpenSpans* open = open_.find(step.row.number);
  if (open == nullptr && step.seq == 0) {
    TraceContext context = context_of(step.row, step.arn, 0);
    open = &open_.put(step.row.number, {step.row, step.arn, std::move(context)});
  }
  const auto events = run::decode(step.pack);
  if (open == nullptr || !events) return;
  open->apply(*events, spans_);
  if (open->is_over()) open_.erase(step.row.number);
}

// Its earlier spans were told of when they were over.
bool Tracer::catch_up(OpenSpans& open, const core::HistoryRow& row) {
  std::vector<Span> told;
  while (open.next_seq() < row.seq) {
    const auto reader = setup_.reader();
    if (!reader) return false;
    const auto rows = (*reader)->history(row.number, open.next_seq(), false, kHistoryRows);
    if (!rows || rows->empty()) return false;
    for (const core::HistoryRow& earlier : *rows) {
      if (earlier.seq >= row.seq) break;
      const auto events = run::decode(earlier.pack);
      if (!events) return false;
      open.apply(*events, told);
      open.set_next_seq(earlier.seq + 1);
    }
  }
  return true;
}

TraceContext Tracer::context_of(const core::ExecutionRow& row, const std::string& arn, int depth) {
  if (const TraceContext* given = given_.find(arn)) return *given;
  const Json details = core::details_of(row);
  if (auto context = trace_context_of(text_at(details, core::kTraceContext))) return *context;
  const std::string header = text_at(details, "traceHeader");
  if (auto context = parse_amazon_trace(header)) return *std::move(context);
  const std::string origin = text_at(details, core::kOrigin);
  const std::string map_run = text_at(details, "mapRunArn");
  if (!map_run.empty()) return {trace_of_execution(origin, depth), span_id_of(map_run)};
  const std::string rule = text_at(details, core::kStartedByRule);
  const auto underscore = row.name.find('_');
  if (!rule.empty() && underscore != std::string::npos) {
    const std::string event = row.name.substr(0, underscore);
    if (given_.find(event) != nullptr || origin.empty()) {
      return below_match(event, rule, context_of_event(event));
    }
    return below_match(event, rule,
                       {trace_of_execution(origin, depth), execution_span_id(origin, 0)});
  }
  if (!origin.empty()) {
    return {trace_of_execution(origin, depth), execution_span_id(origin, 0)};
  }
  return {trace_id_of(arn), ""};
}

std::string Tracer::trace_of_execution(const std::string& arn, int depth) {
  if (const TraceContext* given = given_.find(arn)) return given->trace_id;
  const auto name = core::parse_execution_arn(arn);
  const auto reader = depth < kDepth && name ? setup_.reader() : Result<core::Reader*>{nullptr};
  if (!reader || *reader == nullptr) return trace_id_of(arn);
  const auto row = (*reader)->find(*name);
  if (!row || !*row) return trace_id_of(arn);
  const TraceContext context = context_of(**row, arn, depth + 1);
  return given_.put(arn, context).trace_id;
}

// ---- events ----

void Tracer::pass(const TurnFacts::Passed& passed) {
  const bus::Event& event = *passed.event;
  kinds_.put(event.id, {event.source, event.detail_type});
  if (given_.find(event.id) != nullptr) return;
  if (event.trace_header) {
    if (auto context = parse_amazon_trace(*event.trace_header)) {
      given_.put(event.id, *std::move(context));
      return;
    }
  }
  const std::string origin = origin_of(event);
  if (origin.empty()) return;
  given_.put(event.id, {trace_of_execution(origin, 0), execution_span_id(origin, 0)});
}

// It takes no time, and cannot fail.
void Tracer::send_on(const TurnFacts::Passed& passed) {
  const std::string& event = passed.event->id;
  spans_.push_back(
      {.context = below_match(event, passed.sent_by, context_of_event(event)),
       .id = span_id_of(event + " " + passed.sent_by + " " + passed.bus),
       .name = "deliver event-bus/" + passed.bus,
       .kind = Span::Kind::Producer,
       .start = now_,
       .end = now_,
       .attributes = {{"aws.events.rule.arn", passed.sent_by}, {"aws.events.event.id", event}}});
}

TraceContext Tracer::context_of_event(const std::string& id) {
  if (const TraceContext* given = given_.find(id)) return *given;
  return {trace_id_of(id), ""};
}

TraceContext Tracer::below_match(const std::string& event_id, const std::string& rule_arn,
                                 const TraceContext& of_event) {
  const std::string id = match_id(event_id, rule_arn);
  if (matches_.find(id) == nullptr) {
    matches_.put(id, true);
    Span span{.context = of_event,
              .id = id,
              .name = "match " + rule_arn.substr(rule_arn.rfind('/') + 1),
              .kind = Span::Kind::Consumer,
              .start = now_,
              .end = now_,
              .attributes = {{"aws.events.rule.arn", rule_arn}, {"aws.events.event.id", event_id}}};
    span.attributes.emplace_back("aws.events.bus", bus_of_rule(rule_arn));
    if (const Kind* kind = kinds_.find(event_id)) {
      span.attributes.emplace_back("aws.events.source", kind->source);
      span.attributes.emplace_back("aws.events.detail_type", kind->detail_type);
    }
    spans_.push_back(std::move(span));
  }
  return {of_event.trace_id, id};
}

// ---- deliveries ----

void Tracer::begin(const TurnFacts::Attempt& attempt, Time now) {
  // A schedule has no event: each of its invocations is a trace of its own.
  TraceContext context{trace_id_of("delivery " + std::to_string(attempt.delivery.value)), ""};
  if (!attempt.event_id.empty()) {
    context = below_match(attempt.event_id, attempt.rule_arn, context_of_event(attempt.event_id));
  }
  deliveries_.put(attempt.delivery, {.attempt = attempt, .context = context, .start = now});
}

void Tracer::end(const core::DeliveryAnswered& answer, Time now) {
  const Delivery* found = deliveries_.find(answer.delivery);
  if (found == nullptr) return;
  const Delivery& delivery = *found;
  const TurnFacts::Attempt& attempt = delivery.attempt;
  Span span{.context = delivery.context,
            .id = span_id_of("delivery " + std::to_string(attempt.delivery.value) + " " +
                             std::to_string(epoch_ms(delivery.start))),
            .name = (attempt.is_dead_letter ? "dead letter " : "deliver ") +
                    attempt.target_arn.substr(attempt.target_arn.rfind(':') + 1),
            .kind = Span::Kind::Producer,
            .start = delivery.start,
            .end = now,
            .attributes = {{"aws.events.rule.arn", attempt.rule_arn},
                           {"aws.events.target.arn", attempt.target_arn},
                           {"aws.events.event.id", attempt.event_id}}};
  if (answer.failure) {
    span.error = answer.failure->error_code + ": " + answer.failure->error_message;
  }
  spans_.push_back(std::move(span));
  deliveries_.erase(answer.delivery);
}

}  // namespace presso::server
