// The recorded exchanges of tests/data/golden/ipc, as steps with bytes and decoded objects.
#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "gossip/bytes.h"

#include "rpc/protocol.h"
#include "rpc/reader.h"
#include "unit/test_data.h"

namespace gossip::rpc::golden {

using Json = nlohmann::json;

struct Step {
  enum class Kind { Send, Receive, Closed, Other } kind = Kind::Other;
  Bytes bytes;
};

struct Scenario {
  std::string name;
  std::vector<Step> steps;
};

inline bool is_hex(const std::string& text) {
  return text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

inline Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::vector<Scenario> load(const std::string& file) {
  std::ifstream in(test_data("golden/ipc/" + file + ".json"));
  REQUIRE(in.good());
  std::vector<Scenario> scenarios;
  for (const Json& entry : Json::parse(in)) {
    Scenario scenario{entry.at("name"), {}};
    for (const Json& step : entry.at("steps")) {
      Step made;
      // Some very long ones are only described.
      if (step.contains("send") && is_hex(step.at("send"))) {
        made = {Step::Kind::Send, from_hex(step.at("send"))};
      } else if (step.contains("recv")) {
        made = {Step::Kind::Receive, from_hex(step.at("recv"))};
      } else if (step.contains("closed")) {
        made.kind = Step::Kind::Closed;
      }
      scenario.steps.push_back(std::move(made));
    }
    scenarios.push_back(std::move(scenario));
  }
  REQUIRE_FALSE(scenarios.empty());
  return scenarios;
}

inline std::vector<Bytes> objects_of(ByteView stream) {
  std::vector<Bytes> objects;
  Reader reader;
  reader.feed(stream);
  for (;;) {
    const Reader::Result result = reader.next(kMaxRequestBodyBytes);
    if (result.status != Reader::Status::Complete) return objects;
    objects.emplace_back(result.object.begin(), result.object.end());
  }
}

// With the members of a list in order of their names, which Serf does not keep.
inline Json decode(const Bytes& object) {
  Json json = Json::from_msgpack(object);
  if (json.is_object() && json.contains("Members")) {
    Json& members = json["Members"];
    std::sort(members.begin(), members.end(), [](const Json& a, const Json& b) {
      return a.at("Name").get<std::string>() < b.at("Name").get<std::string>();
    });
  }
  return json;
}

}  // namespace gossip::rpc::golden
