// An agent at 10.0.0.9 whose look-ups and joins the test answers.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "agent/seeds/seeds.h"

namespace gossip::agent::seeds {

inline Address at(std::string_view text) {
  return *Address::parse(text, kDefaultPort);
}

inline std::vector<Address> all_at(std::initializer_list<std::string_view> texts) {
  std::vector<Address> addresses;
  for (const std::string_view text : texts)
    addresses.push_back(at(text));
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

inline constexpr std::string_view kOwn = "10.0.0.9";

struct Agent {
  TimePoint now{};
  Seeds seeds{{1, 2, 3}};
  Sight sight{{}, all_at({kOwn})};
  std::vector<LookUp> lookups;
  std::vector<JoinSeed> joins;
  std::vector<std::string> said;
  bool gave_up = false;

  void use(const std::vector<std::string>& texts, Settings settings = {}) {
    std::vector<config::SeedSpec> specs;
    for (const std::string& text : texts)
      specs.push_back(config::parse_seed(text).value());
    seeds.set(now, specs, settings);
    advance();
  }
  void advance() {
    SeedEffects effects;
    seeds.advance(now, sight, effects);
    for (SeedEffect& effect : effects) {
      if (auto* look = std::get_if<LookUp>(&effect)) lookups.push_back(*look);
      if (auto* join = std::get_if<JoinSeed>(&effect)) joins.push_back(*join);
      if (auto* line = std::get_if<Say>(&effect)) said.push_back(line->text);
      if (std::holds_alternative<GiveUp>(effect)) gave_up = true;
    }
  }
  // Lets time pass, deadline by deadline.
  void pass(Duration duration) {
    const TimePoint end = now + duration;
    for (auto next = seeds.next_deadline(); next && *next <= end; next = seeds.next_deadline()) {
      now = std::max(now, *next);
      const bool idle = lookups.empty() && joins.empty();
      advance();
      if (!idle || !lookups.empty() || !joins.empty()) break;
    }
    now = std::max(now, end);
  }
  LookUp take_lookup() {
    REQUIRE(lookups.size() == 1);
    const LookUp look = lookups.back();
    lookups.clear();
    return look;
  }
  void find(std::initializer_list<std::string_view> texts) {
    seeds.looked_up(now, take_lookup().seed, SeedAnswer{all_at(texts), ""});
    advance();
  }
  void fail_lookup(ErrorCode code) {
    seeds.looked_up(now, take_lookup().seed, fail(code, "no luck"));
    advance();
  }
  std::vector<Address> joining() const {
    std::vector<Address> addresses;
    for (const JoinSeed& join : joins)
      addresses.push_back(join.address);
    std::sort(addresses.begin(), addresses.end());
    return addresses;
  }
  // Every join under way works; `members` is who is alive then.
  void joined(std::initializer_list<std::string_view> members) {
    sight.living = all_at(members);
    for (const JoinSeed& join : std::exchange(joins, {}))
      seeds.joined(now, join.seed, join.address, {});
    advance();
  }
  void refused() {
    for (const JoinSeed& join : std::exchange(joins, {}))
      seeds.joined(now, join.seed, join.address, fail(ErrorCode::Unreachable, "refused"));
    advance();
  }
  void lose(std::initializer_list<std::string_view> members) {
    sight.living = all_at(members);
    seeds.member_lost(now);
  }
  [[nodiscard]] std::string state() const { return std::string(seeds.report(sight).at(0).state); }
  [[nodiscard]] std::string error() const { return seeds.report(sight).at(0).error; }
};

}  // namespace gossip::agent::seeds
