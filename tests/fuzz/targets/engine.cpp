// A whole engine, driven in any order: time, packets and streams made of valid messages with odd fields, damage,
// commands, failing disks and restarts. What must hold stands in scene/host.cpp.
#include "gossip/engine.h"

#include <algorithm>

#include "base/check.h"
#include "fuzz/decisions.h"
#include "fuzz/scene/host.h"
#include "fuzz/scene/messages.h"
#include "fuzz/targets.h"
#include "wire/stream.h"

namespace {

using gossip::Address;
using gossip::Bytes;
using gossip::ByteView;
using gossip::Effects;
using gossip::Engine;
using gossip::TimePoint;
using gossip::fuzz::Decisions;
using gossip::fuzz::Host;

constexpr std::size_t kMaxSteps = 300;

// Keys of one repeated byte, as the key requests of scene/messages.cpp name them; the first one is ours.
gossip::wire::Keyring all_keys() {
  gossip::wire::Keyring keys;
  for (unsigned byte = 0; byte < 256; ++byte)
    GOSSIP_CHECK(keys.add(Bytes(16, static_cast<std::uint8_t>(byte))).has_value());
  return keys;
}

gossip::Config config_of(Decisions& decisions) {
  const std::uint8_t choice = decisions.byte();
  const auto chosen = [&](unsigned bit) { return (choice >> bit & 1U) != 0; };
  gossip::Config config;
  config.node_name = Host::kName;
  config.tags = {{"role", "web"}};
  config.snapshot_path = "snapshot";
  if (chosen(0)) config.encryption_keys = {Bytes(16, 0), Bytes(16, 1)};
  if (chosen(0)) config.keyring_path = "keyring";
  if (chosen(1)) config.label = "cluster-one";
  if (chosen(2)) config.compression = gossip::Compression::Off;
  if (chosen(3)) config.first_push = gossip::FirstPush::OnTick;
  if (chosen(4)) config.timing = gossip::Timing::local();
  if (chosen(5)) config.max_members = 4;
  if (chosen(6)) config.max_queue_depth = 4;
  if (chosen(7)) {
    config.name_conflict = gossip::NameConflict::LogOnly;
    config.address_form = gossip::AddressForm::ByteForByte;
    config.dead_member_address = gossip::DeadMemberAddress::KeepOld;
    config.false_leave = gossip::FalseLeave::MayStand;
    config.event_buffer = 4;
  }
  GOSSIP_CHECK(gossip::check(config).has_value());
  return config;
}

// One byte of it set to another value.
void damage(Decisions& decisions, Bytes& bytes) {
  if (bytes.empty()) return;
  bytes[decisions.number(2) % bytes.size()] = decisions.byte();
}

void receive_packet(Decisions& decisions, Host& host) {
  const Address from = gossip::fuzz::draw_address(decisions);
  std::vector<Bytes> messages(1 + decisions.one_of(4));
  for (Bytes& message : messages) {
    message = gossip::fuzz::draw_message(decisions, host.overheard());
    if (decisions.one_of(4) == 3) damage(decisions, message);
  }
  const std::vector<ByteView> views(messages.begin(), messages.end());
  const auto crc = decisions.yes() ? gossip::wire::Crc::On : gossip::wire::Crc::Off;
  const Bytes datagram = gossip::wire::seal_packet(views, crc, host.wrapping(), host.nonces());
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    engine.receive_packet(now, from, datagram, out);
  });
}

void receive_bytes(Decisions& decisions, Host& host) {
  const Address from = gossip::fuzz::draw_address(decisions);
  const ByteView datagram = decisions.many_bytes();
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    engine.receive_packet(now, from, datagram, out);
  });
}

// In two pieces, so that the engine sees a beginning.
void receive_stream(Decisions& decisions, Host& host) {
  const gossip::StreamId id = host.stream(decisions.byte());
  const auto side =
      decisions.yes() ? gossip::wire::StreamSide::Acceptor : gossip::wire::StreamSide::Dialler;
  Bytes body = gossip::fuzz::draw_stream_body(decisions, host.overheard());
  if (decisions.one_of(4) == 3) damage(decisions, body);
  const Bytes sealed = gossip::wire::seal_stream(body, side, host.wrapping(), host.nonces());
  const std::size_t cut = std::min<std::size_t>(decisions.number(2), sealed.size());
  for (const ByteView piece : {ByteView(sealed).first(cut), ByteView(sealed).subspan(cut)}) {
    host.act([&](Engine& engine, TimePoint now, Effects& out) {
      engine.receive_stream(now, id, piece, out);
    });
  }
}

void touch_stream(Decisions& decisions, Host& host) {
  const gossip::StreamId id = host.stream(decisions.byte());
  switch (decisions.one_of(4)) {
    case 0: host.accept_stream(gossip::fuzz::draw_address(decisions)); break;
    case 1:
      host.act(
          [&](Engine& engine, TimePoint now, Effects& out) { engine.stream_opened(now, id, out); });
      break;
    case 2: {
      const ByteView bytes = decisions.many_bytes();
      host.act([&](Engine& engine, TimePoint now, Effects& out) {
        engine.receive_stream(now, id, bytes, out);
      });
      break;
    }
    default: host.end_stream(id, static_cast<gossip::StreamEnd>(decisions.one_of(5))); break;
  }
}

void ask(Decisions& decisions, Host& host) {
  gossip::QueryParams params;
  params.name = "deploy";
  if (decisions.yes()) params.nodes = {gossip::fuzz::draw_name(decisions)};
  if (decisions.yes()) params.tags = {{"role", decisions.text()}};
  if (decisions.yes()) params.acks = gossip::Acks::Wanted;
  if (decisions.yes()) params.wait = gossip::QueryWait::FullTime;
  params.relay_factor = static_cast<std::uint8_t>(decisions.one_of(8));
  params.timeout = std::chrono::milliseconds(decisions.number(2)) - std::chrono::seconds(1);
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    if (const auto query = engine.send_query(now, params, out)) host.asked(*query);
  });
}

void change_keys(Decisions& decisions, Host& host) {
  gossip::KeyCommand command;
  command.action = static_cast<gossip::KeyAction>(decisions.one_of(4));
  const std::size_t size = decisions.one_of(8) == 7 ? decisions.byte() : 16;
  if (command.action != gossip::KeyAction::List) command.key = Bytes(size, decisions.byte());
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    if (const auto op = engine.change_keys(now, command, out)) host.begun(*op);
  });
}

void join_or_leave(Decisions& decisions, Host& host) {
  const bool leaves = decisions.one_of(4) == 3;
  std::vector<Address> contacts(leaves ? 0 : decisions.one_of(4));
  for (Address& contact : contacts)
    contact = gossip::fuzz::draw_address(decisions);
  const auto replay = decisions.yes() ? gossip::Replay::DeliverOld : gossip::Replay::IgnoreOld;
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    const auto op = leaves ? engine.leave(now, out) : engine.join(now, contacts, replay, out);
    if (op) host.begun(*op);
  });
}

void command(Decisions& decisions, Host& host) {
  const std::size_t which = decisions.one_of(8);
  if (which == 0) return ask(decisions, host);
  if (which == 1) return change_keys(decisions, host);
  if (which == 2) return join_or_leave(decisions, host);
  const std::string text = which == 3 ? gossip::fuzz::draw_name(decisions) : decisions.text();
  const gossip::Tags tags = gossip::fuzz::draw_tags(decisions);
  const bool flag = decisions.yes();
  const gossip::QueryToken question = flag ? host.last_question() : decisions.byte();
  host.act([&](Engine& engine, TimePoint now, Effects& out) {
    switch (which) {
      case 3:
        (void)engine.force_leave(now, text, flag ? gossip::Prune::Yes : gossip::Prune::No, out);
        break;
      case 4: (void)engine.set_tags(now, tags, out); break;
      case 5: (void)engine.respond(now, question, gossip::as_bytes(text), out); break;
      case 6: engine.decline(now, question, out); break;
      default:
        (void)engine.send_event(now, text, {}, flag ? gossip::Coalesce::Yes : gossip::Coalesce::No,
                                out);
        break;
    }
  });
}

void act(Decisions& decisions, Host& host) {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  switch (decisions.one_of(16)) {
    case 0:
    case 1:
    case 2: receive_packet(decisions, host); break;
    case 3: receive_bytes(decisions, host); break;
    case 4:
    case 5: receive_stream(decisions, host); break;
    case 6:
    case 7: touch_stream(decisions, host); break;
    case 8: {
      const Address to = gossip::fuzz::draw_address(decisions);
      host.act([&](Engine& engine, TimePoint now, Effects& out) {
        engine.packet_refused(now, to, out);
      });
      break;
    }
    case 9: host.finish_save(); break;
    case 10: host.fill_disk(decisions.yes()); break;
    case 11: host.freeze(seconds(decisions.number(3))); break;
    case 12: host.step(seconds(decisions.byte())); break;
    case 13: host.step(milliseconds(10 * decisions.byte())); break;
    case 14:
      if (decisions.one_of(8) == 7) host.start();
      break;
    default: command(decisions, host); break;
  }
}

}  // namespace

void gossip::fuzz::target::engine(ByteView input) {
  static const wire::Cipher kCipher(all_keys());
  Decisions decisions(input);
  const Config config = config_of(decisions);
  Host host(config, config.encryption_keys.empty() ? nullptr : &kCipher);
  host.start();
  host.check();
  for (std::size_t left = kMaxSteps; left > 0 && !decisions.are_over() && !host.has_stopped();
       --left) {
    act(decisions, host);
    host.check();
  }
}
