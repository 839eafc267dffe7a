// Prometheus' text format, version 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/metrics/counter.h"

namespace presso::server {

inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

// Lines of help and type. `type`: "counter", "gauge", "histogram".
void write_family(std::string& text, std::string_view name, std::string_view type,
                  std::string_view help);

using Labels = std::vector<std::pair<std::string_view, std::string>>;
void write_sample(std::string& text, std::string_view name, const Labels&, std::uint64_t value);
void write_sample(std::string& text, std::string_view name, const Labels&, double value);

// The sum of histograms of one name, in `unit` a value: 1e-6 for microseconds shown as seconds.
void write_histogram(std::string& text, std::string_view name, const Labels&,
                     std::span<const Histogram* const>, double unit);

}  // namespace presso::server
