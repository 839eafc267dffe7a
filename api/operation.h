// An operation is a row: its name, its shapes, and how a request becomes work. The shapes and the
// conversion come from the handler's signature.
//
//   command<start_execution>     runs in the core's turn, after what `keys_of(request)` names is
//   deferred<start_sync_execution>  the same, and replies when it likes
//   loaded query<describe_execution>    runs over a Reader, on any thread checked_query<check,
//   list>   the check runs in the core's turn, then the query answers reply<test_event_pattern>
//   needs nothing but the request
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "api/decode.h"
#include "api/dispatch.h"
#include "api/encode.h"
#include "api/error.h"
#include "api/field.h"
#include "api/validate.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/core/core.h"
#include "engine/core/store.h"

namespace presso::api {

struct Operation {
  std::string_view name;
  const Shape* request = nullptr;
  const Shape* response = nullptr;
  // From the body of a request, parsed; whatever is wrong with it becomes an Answer.
  Work (*prepare)(const Json& body, const core::Caller&) = nullptr;
};

// All that presso serves, by name.
[[nodiscard]] std::span<const Operation> operations(Service);
// All that the service has and presso does not serve, by name.
[[nodiscard]] std::span<const std::string_view> absent_operations(Service);
[[nodiscard]] const Operation* find_operation(Service, std::string_view name);

template <class S>
[[nodiscard]] core::Answer to_answer(const Result<S>& result) {
  if (!result) return error_answer(result.error());
  return {encode_text(*result), {}, 200};
}

template <class S>
[[nodiscard]] Result<S> read_request(const Json& body) {
  auto request = decode<S>(body);
  if (!request) return request.error();
  if (const auto valid = validate(body, kShape<S>); !valid) return valid.error();
  return request;
}

// Whom a handler owes an answer of this shape.
template <class Response>
struct Later {
  RequestId id;

  void reply(core::Core& core, const Result<Response>& result) const {
    core.reply(id, to_answer(result));
  }
};

template <class Handler>
struct HandlerTypes;
template <class Response, class Context, class Request>
struct HandlerTypes<Result<Response> (*)(Context&, const core::Caller&, const Request&)> {
  using response = Response;
  using request = Request;
};
// A handler that keeps what the request holds takes it by value.
template <class Response, class Context, class Request>
struct HandlerTypes<Result<Response> (*)(Context&, const core::Caller&, Request)> {
  using response = Response;
  using request = Request;
};
template <class Response, class Request>
struct HandlerTypes<void (*)(core::Core&, const core::Caller&, const Request&, Later<Response>)> {
  using response = Response;
  using request = Request;
};
template <class Response, class Request, class Learnt>
struct HandlerTypes<Result<Response> (*)(core::Reader&, const core::Caller&, const Request&,
                                         const Learnt&)> {
  using response = Response;
  using request = Request;
  using learnt = Learnt;
};
template <class Response, class Request>
struct HandlerTypes<Result<Response> (*)(const Request&)> {
  using response = Response;
  using request = Request;
};

// `to_work` makes a request, decoded and valid, into Work. Handlers share it: one runs in the
// core's thread, another after it.
template <auto handler, class ToWork>
constexpr Operation make_operation(std::string_view name, ToWork) {
  using Types = HandlerTypes<decltype(handler)>;
  return {name, &kShape<typename Types::request>, &kShape<typename Types::response>,
          [](const Json& body, const core::Caller& caller) -> Work {
            auto request = read_request<typename Types::request>(body);
            if (!request) return error_answer(request.error());
            return ToWork{}(std::make_shared<typename Types::request>(*std::move(request)), caller);
          }};
}

// The overload of `keys_of` for the request, where there is one: what the turn has to load.
template <class Request>
core::Keys keys_to_load(const Request& request) {
  if constexpr (requires { keys_of(request); }) return keys_of(request);
  return {};
}

// It runs once, so the request is the handler's to take.
template <auto handler>
constexpr Operation command(std::string_view name) {
  return make_operation<handler>(name, [](auto request, const core::Caller& caller) -> Work {
    return Command{keys_to_load(*request),
                   [request, caller](core::Core& core, RequestId id) {
                     core.reply(id, to_answer(handler(core, caller, std::move(*request))));
                   },
                   {}};
  });
}

// The handler replies itself, in this turn or in a later one.
template <auto handler>
constexpr Operation deferred(std::string_view name) {
  return make_operation<handler>(name, [](auto request, const core::Caller& caller) -> Work {
    return Command{keys_to_load(*request),
                   [request, caller](core::Core& core, RequestId id) {
                     handler(core, caller, *request, {id});
                   },
                   {}};
  });
}
// The same, for at most `patience_seconds`.
template <auto handler, std::int64_t patience_seconds>
constexpr Operation long_poll(std::string_view name) {
  return make_operation<handler>(name, [](auto request, const core::Caller& caller) -> Work {
    return Command{keys_to_load(*request),
                   [request, caller](core::Core& core, RequestId id) {
                     handler(core, caller, *request, {id});
                   },
                   {},
                   seconds(patience_seconds)};
  });
}

template <auto handler>
constexpr Operation query(std::string_view name) {
  return make_operation<handler>(name, [](auto request, const core::Caller& caller) -> Work {
    return Query{[request, caller](core::Reader& reader) {
      return to_answer(handler(reader, caller, *request));
    }};
  });
}

// The query is given what the check learnt. The core's thread is done with it when it replies.
template <auto check, auto handler>
constexpr Operation checked_query(std::string_view name) {
  return make_operation<handler>(name, [](auto request, const core::Caller& caller) -> Work {
    using Learnt = typename HandlerTypes<decltype(handler)>::learnt;
    const auto learnt = std::make_shared<Learnt>();
    return Command{{},
                   [request, caller, learnt](core::Core& core, RequestId id) {
                     Result<Learnt> checked = check(core, caller, *request);
                     if (!checked) return core.reply(id, error_answer(checked.error()));
                     *learnt = *std::move(checked);
                     core.reply(id, core::Answer{});
                   },
                   [request, caller, learnt](core::Reader& reader) {
                     return to_answer(handler(reader, caller, *request, *learnt));
                   }};
  });
}

template <auto handler>
constexpr Operation reply(std::string_view name) {
  return make_operation<handler>(
      name, [](auto request, const core::Caller&) -> Work { return to_answer(handler(*request)); });
}

}  // namespace presso::api
