#include "rpc/metrics_codec.h"

#include <array>
#include <string_view>
#include <utility>

namespace gossip::rpc {
namespace {

using metrics::Family;
using metrics::Kind;
using metrics::Sample;

constexpr std::array kKinds{Kind::Counter, Kind::Gauge, Kind::Histogram, Kind::Info};

void write_sample(MsgpackWriter& out, const Sample& sample) {
  out.write_map(3);
  out.write(std::string_view("Labels"));
  out.write_map(sample.labels.size());
  for (const auto& [name, value] : sample.labels)
    out.field(name, std::string_view(value));
  out.field("Suffix", std::string_view(sample.suffix));
  out.field("Value", sample.value);
}

void read_labels(MsgpackReader& in, metrics::Labels& labels) {
  read_fields(in, [&](std::string_view name) {
    if (!metrics::is_label_name(name)) in.fail();
    read_text(in, labels.emplace_back(std::string(name), "").second);
    return true;
  });
}

void read_sample(MsgpackReader& in, Sample& sample) {
  read_fields(in, [&](std::string_view key) {
    if (key == "Labels") {
      sample.labels.clear();
      read_labels(in, sample.labels);
    } else if (key == "Suffix") {
      read_text(in, sample.suffix);
      if (!sample.suffix.empty() && !metrics::is_metric_name(sample.suffix)) in.fail();
    } else if (key == "Value") {
      in.read(sample.value);
    } else {
      return false;
    }
    return true;
  });
}

// A kind that we do not know is read as a gauge, which says least.
Kind kind_from(std::string_view text) {
  for (const Kind kind : kKinds) {
    if (metrics::to_string(kind) == text) return kind;
  }
  return Kind::Gauge;
}

void read_family(MsgpackReader& in, Family& family) {
  read_fields(in, [&](std::string_view key) {
    if (key == "Name") {
      read_text(in, family.name);
    } else if (key == "Help") {
      read_text(in, family.help);
    } else if (key == "Type") {
      std::string_view kind;
      in.read(kind);
      family.kind = kind_from(kind);
    } else if (key == "Samples") {
      family.samples.clear();
      const std::size_t count = in.read_list();
      for (std::size_t i = 0; i < count && in.good(); ++i)
        read_sample(in, family.samples.emplace_back());
    } else {
      return false;
    }
    return true;
  });
  if (!metrics::is_metric_name(family.name)) in.fail();
}

}  // namespace

void write_metrics(MsgpackWriter& out, const MetricsResponse& body) {
  out.write_map(1);
  out.write(std::string_view("Families"));
  out.write_list(body.families.size());
  for (const Family& family : body.families) {
    out.write_map(4);
    out.field("Help", std::string_view(family.help));
    out.field("Name", std::string_view(family.name));
    out.write(std::string_view("Samples"));
    out.write_list(family.samples.size());
    for (const Sample& sample : family.samples)
      write_sample(out, sample);
    out.field("Type", metrics::to_string(family.kind));
  }
}

std::optional<MetricsResponse> decode_metrics(ByteView object) {
  MetricsResponse body;
  const bool read = read_object(object, [&body](MsgpackReader& in, std::string_view key) {
    if (key != "Families") return false;
    body.families.clear();
    const std::size_t count = in.read_list();
    for (std::size_t i = 0; i < count && in.good(); ++i)
      read_family(in, body.families.emplace_back());
    return true;
  });
  if (!read) return std::nullopt;
  return body;
}

}  // namespace gossip::rpc
