// A node under test, called "me", and the words in which its tests speak: what it is told, and what it said,
// one line for each output.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/rng.h"
#include "base/text_pool.h"
#include "members/table.h"
#include "swim/swim.h"
#include "swim/versions.h"
#include "wire/swim_codec.h"

namespace gossip::swim {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline Address address_of(std::string_view text) {
  return Address::parse(text, 7946).value();
}

// The highest incarnation.
inline constexpr std::uint32_t kLast = 0xFFFFFFFF;

// As Serf's agents have it.
inline Config serf_config() {
  Config config;
  config.dead_member_address = DeadMemberAddress::KeepOld;
  config.address_form = AddressForm::ByteForByte;
  config.misfit_versions = MisfitVersions::Believe;
  return config;
}

struct World {
  explicit World(Config config_in = {}, std::uint8_t seed = 1)
      : config(std::move(config_in)),
        local{.advertised = address_of("192.0.2.100"), .bind_port = 7946},
        rng({seed}),
        table(texts, config.max_members, 7),
        swim((config.node_name = "me", config), local, table, rng, counters) {
    swim.start(now, as_bytes("m0"), out);
    out.clear();
  }

  // What others say. A member called "p3" lives at 192.0.2.3 unless said otherwise.
  static constexpr std::array<std::uint8_t, 6> kVersions{1, 5, 2, 2, 5, 5};
  struct AliveWords {
    std::uint32_t incarnation = 1;
    std::string address = {};  // of its own
    std::string meta = "m0";
    Bytes versions = Bytes(kVersions.begin(), kVersions.end());
  };
  void alive(std::string_view name) { alive(name, AliveWords()); }
  void alive(std::string_view name, const AliveWords& words) {
    const Address at = address_of(words.address.empty() ? "192.0.2." + std::string(name.substr(1))
                                                        : words.address);
    swim.receive(now,
                 wire::Alive{.incarnation = words.incarnation,
                             .node = name,
                             .address = at.ip.bytes(),
                             .port = at.port,
                             .meta = as_bytes(words.meta),
                             .versions = words.versions},
                 out);
  }
  void suspect(std::string_view name, std::uint32_t incarnation, std::string_view from) {
    swim.receive(now, wire::Suspect{.incarnation = incarnation, .node = name, .from = from}, out);
  }
  void dead(std::string_view name, std::uint32_t incarnation, std::string_view from) {
    swim.receive(now, wire::Dead{.incarnation = incarnation, .node = name, .from = from}, out);
  }
  void ack(std::uint32_t sequence) {
    swim.receive(now, address_of("192.0.2.1"), wire::Ack{.sequence = sequence, .payload = {}}, out);
  }
  void nack(std::uint32_t sequence) {
    swim.receive(now, address_of("192.0.2.1"), wire::Nack{.sequence = sequence}, out);
  }

  // Time passes; each timer fires when it is due.
  void pass(Duration duration) {
    const TimePoint until = now + duration;
    while (swim.next_deadline() && *swim.next_deadline() <= until) {
      now = std::max(now, *swim.next_deadline());
      swim.advance(now, out);
    }
    now = until;
  }
  // Time passes, but nobody calls: a frozen process.
  void freeze(Duration duration) { now += duration; }

  const members::Record& record(std::string_view name) const {
    return table.at(table.find(name).value());
  }
  members::SwimState state(std::string_view name) const { return record(name).state; }

  // Everything said since the last call, without log lines, which go to `logged`.
  std::string said() {
    std::string lines;
    logged.clear();
    for (const Output& output : out) {
      if (const auto* line = std::get_if<Log>(&output)) {
        logged += line->text + "\n";
      } else {
        lines += describe(output) + "\n";
      }
    }
    out.clear();
    return lines;
  }

  std::string describe(const Output& output) const;
  std::string name_of(members::Index member) const {
    return std::string(table.at(member).name.view());
  }

  Config config;
  LocalAddress local;
  base::TextPool texts;
  base::Rng rng;
  members::Table table;
  Counters counters;
  Swim swim;
  TimePoint now{seconds(1000)};
  Outputs out;
  std::string logged;
};

// A memberlist message in words.
inline std::string words(ByteView message) {
  const ByteView body = message.subspan(1);
  const auto number = [](auto value) { return " " + std::to_string(value); };
  const auto text = [](std::string_view value) { return " " + std::string(value); };
  switch (static_cast<wire::MessageType>(message[0])) {
    case wire::MessageType::Ping: {
      const wire::Ping ping = wire::decode_ping(body).value();
      return "ping" + number(ping.sequence) + text(ping.node);
    }
    case wire::MessageType::IndirectPing: {
      const wire::IndirectPing ping = wire::decode_indirect_ping(body).value();
      return "indirect-ping" + number(ping.sequence) + text(ping.node) + (ping.nack ? " nack" : "");
    }
    case wire::MessageType::Ack: {
      const wire::Ack ack = wire::decode_ack(body).value();
      return "ack" + number(ack.sequence) +
             (ack.payload.empty() ? "" : text("'" + std::string(as_text(ack.payload)) + "'"));
    }
    case wire::MessageType::Nack: return "nack" + number(wire::decode_nack(body)->sequence);
    case wire::MessageType::Alive: {
      const wire::Alive alive = wire::decode_alive(body).value();
      return "alive" + text(alive.node) + number(alive.incarnation) + text(as_text(alive.meta));
    }
    case wire::MessageType::Suspect: {
      const wire::Suspect claim = wire::decode_suspect(body).value();
      return "suspect" + text(claim.node) + number(claim.incarnation) + " from" + text(claim.from);
    }
    case wire::MessageType::Dead: {
      const wire::Dead claim = wire::decode_dead(body).value();
      return "dead" + text(claim.node) + number(claim.incarnation) + " from" + text(claim.from);
    }
    case wire::MessageType::User: return "user" + text(as_text(body));
    default: return "?";
  }
}

inline std::string World::describe(const Output& output) const {
  return std::visit(
      base::Overloaded{
          [](const Send& send) {
            std::string line = "to " + send.to.to_string() + ":";
            for (const Bytes& message : send.messages)
              line += " " + words(message) + ",";
            line.back() = ' ';
            return line + (send.piggyback == Piggyback::Allowed ? "and more" : "alone");
          },
          [](const Broadcast& broadcast) {
            return "all about " + broadcast.subject + ": " + words(broadcast.message);
          },
          [&](const StreamPing& ping) {
            const auto left = std::chrono::duration_cast<milliseconds>(ping.give_up_at - now);
            return "stream to " + ping.to.to_string() + ": ping " + std::to_string(ping.sequence) +
                   " " + ping.node + " for " + std::to_string(left.count()) + " ms";
          },
          [](const AddressCheck& check) {
            return "check " + std::to_string(check.id) + " of " + check.to.to_string();
          },
          [&](const Joined& joined) { return "joined " + name_of(joined.member); },
          [&](const Gone& gone) { return "gone " + name_of(gone.member); },
          [&](const Updated& updated) { return "updated " + name_of(updated.member); },
          [&](const Conflict& conflict) {
            return "conflict " + name_of(conflict.member) + " " + conflict.other.to_string();
          },
          [](const NameContested& contested) {
            return "contested by " + contested.other.to_string();
          },
          [&](const RoundTrip& trip) {
            const auto took = std::chrono::duration_cast<milliseconds>(trip.duration);
            return "round-trip " + name_of(trip.member) + " " + std::to_string(took.count()) +
                   " ms";
          },
          [&](const Swept& swept) { return "swept " + name_of(swept.member); },
          [](const Departed&) { return std::string("departed"); },
          [](const Log& line) { return line.text; },
      },
      output);
}

}  // namespace gossip::swim
