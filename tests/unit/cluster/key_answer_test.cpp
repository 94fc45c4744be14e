#include "cluster/key_answer.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "unit/test_data.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// Of the size that the generator's response had.
constexpr ResponseFrame kFrame{.time = 1, .id = 0x80000000, .from = "node-a", .limit_bytes = 1024};

KeyAnswer list_of(std::size_t count, std::size_t key_bytes) {
  KeyAnswer answer{.done = true, .message = {}, .keys = {}};
  for (std::size_t i = 0; i < count; ++i) {
    answer.keys.push_back(base::encode_base64(Bytes(key_bytes, static_cast<std::uint8_t>(i))));
  }
  return answer;
}

std::size_t response_bytes(ByteView payload) {
  return wire::encode(wire::QueryResponse{.time = kFrame.time,
                                          .id = kFrame.id,
                                          .from = kFrame.from,
                                          .flags = 0,
                                          .payload = payload})
      .size();
}

TEST_CASE("a long list of keys is cut where Serf cuts it") {
  std::ifstream file(test_data("vectors/list-keys-truncation.json"));
  REQUIRE(file);
  for (const nlohmann::json& row : nlohmann::json::parse(file)) {
    CAPTURE(row.dump());
    // Where 0.9.4 crashes, head's figures.
    const nlohmann::json& wanted = row.contains("panics") ? row["head"] : row;
    REQUIRE(row["limit"] == kFrame.limit_bytes);
    const KeyAnswer whole = list_of(row["keys"], row["key_bytes"]);
    const Bytes payload = encode_key_answer(whole, kFrame);
    CHECK(response_bytes(payload) == wanted["response_bytes"].get<std::size_t>());
    const auto answer = wire::decode_key_response(ByteView(payload).subspan(1));
    REQUIRE(answer.has_value());
    CHECK(answer->result);
    CHECK(answer->message == wanted["message"].get<std::string>());
    REQUIRE(answer->keys.size() == wanted["sent_keys"].get<std::size_t>());
    for (std::size_t i = 0; i < answer->keys.size(); ++i)
      CHECK(answer->keys[i] == whole.keys[i]);
    if (!whole.keys.empty()) CHECK(answer->primary_key == whole.keys.front());
  }
}

TEST_CASE("a limit that no key fits into leaves an empty list, which is sent all the same") {
  ResponseFrame narrow = kFrame;
  narrow.limit_bytes = 100;
  const Bytes payload = encode_key_answer(list_of(3, 32), narrow);
  CHECK(wire::decode_key_response(ByteView(payload).subspan(1))->keys.size() == 1);
}

TEST_CASE("what failed says why") {
  const Bytes payload = encode_key_answer({.done = false, .message = "no", .keys = {}}, kFrame);
  const auto answer = wire::decode_key_response(ByteView(payload).subspan(1));
  CHECK_FALSE(answer->result);
  CHECK(answer->message == "no");
  CHECK(answer->primary_key.empty());
}

}  // namespace
}  // namespace gossip::cluster
