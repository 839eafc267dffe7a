// GetExecutionHistory: a page of public events, in either direction.
//
// History is stored a row a step, and a row may hold private events, or none that is public. The
// naive way reads every row and counts; a page's token says in which row to go on and which event
// came last, so that a page costs what it shows.
#include <algorithm>
#include <string>
#include <utility>

#include "api/limits.h"
#include "api/page.h"
#include "api/states/execution_reader.h"
#include "api/states/handlers.h"
#include "base/json.h"
#include "engine/run/event_codec.h"
#include "engine/run/history.h"

namespace presso::api::states {
namespace {

// Where a page begins: in row `seq`, with the event after (reversed: before) `last_id`.
struct Place {
  std::uint64_t seq = 0;
  std::uint64_t last_id = 0;
};

std::optional<Place> place_of(const Json& json) {
  if (!json.is_array() || json.size() != 2) return {};
  const auto seq = whole_place(json[0]);
  const auto last_id = whole_place(json[1]);
  if (!seq || !last_id) return {};
  return Place{*seq, *last_id};
}

class HistoryPage {
 public:
  HistoryPage(const GetExecutionHistoryRequest& request, bool is_first)
      : is_reversed_{request.reverse_order.value_or(false)},
        includes_data_{request.include_execution_data.value_or(true)},
        is_first_{is_first},
        size_{page_size(request.max_results, kDefaultPage)} {}

  // Rows from `place` on, until the page is full and one more event is seen.
  Result<void> fill(Reader& reader, ExecutionNumber number, Place place) {
    place_ = place;
    std::uint64_t from = place.seq;
    while (!has_more_) {
      const auto rows = reader.history(number, from, is_reversed_, kHistoryRowsAtOnce);
      if (!rows) return store_failure(rows.error());
      for (const core::HistoryRow& row : *rows) {
        if (const auto added = add_row(row); !added) return added.error();
        if (has_more_) return {};
      }
      const bool is_last =
          rows->size() < kHistoryRowsAtOnce || (is_reversed_ && rows->back().seq == 0);
      if (is_last) return {};
      from = is_reversed_ ? rows->back().seq - 1 : rows->back().seq + 1;
    }
    return {};
  }

  [[nodiscard]] std::vector<Json> take_events() { return std::move(events_); }
  [[nodiscard]] bool has_more() const { return has_more_; }
  [[nodiscard]] Json next_place() const { return Json::array({place_.seq, place_.last_id}); }

 private:
  Result<void> add_row(const core::HistoryRow& row) {
    auto events = run::decode(row.pack);
    if (!events) return store_failure(events.error());
    if (is_reversed_) std::reverse(events->begin(), events->end());
    for (const run::Event& event : *events) {
      if (!run::is_public(event) || was_shown(event)) continue;
      if (events_.size() == size_) {
        has_more_ = true;
        return {};
      }
      events_.push_back(run::to_public(event, includes_data_));
      place_ = {row.seq, event.id};
      is_first_ = false;
    }
    return {};
  }

  [[nodiscard]] bool was_shown(const run::Event& event) const {
    if (is_first_) return false;
    return is_reversed_ ? event.id >= place_.last_id : event.id <= place_.last_id;
  }

  bool is_reversed_;
  bool includes_data_;
  bool is_first_;  // nothing was shown yet, on this page or one before
  std::size_t size_;
  Place place_;
  bool has_more_ = false;
  std::vector<Json> events_;
};

}  // namespace

Result<GetExecutionHistoryResponse> get_execution_history(
    Reader& reader, const Caller& caller, const GetExecutionHistoryRequest& request) {
  const bool is_reversed = request.reverse_order.value_or(false);
  const PageToken token{caller, "GetExecutionHistory",
                        Json::array({request.execution_arn, is_reversed,
                                     request.include_execution_data.value_or(true)})};
  const auto row = find_execution(reader, caller, request.execution_arn);
  if (!row) return row.error();
  const auto json = token.read(request.next_token, invalid_token());
  if (!json) return json.error();
  Place place{is_reversed && row->next_seq > 0 ? row->next_seq - 1 : 0, 0};
  if (!json->is_null()) {
    const auto given = place_of(*json);
    if (!given) return invalid_token();
    place = *given;
  }
  HistoryPage page{request, json->is_null()};
  if (const auto filled = page.fill(reader, row->number, place); !filled) return filled.error();
  GetExecutionHistoryResponse response;
  response.events = page.take_events();
  if (page.has_more()) response.next_token = token.make(page.next_place());
  return response;
}

}  // namespace presso::api::states
