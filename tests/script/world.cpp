#include "script/world.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "base/overloaded.h"
#include "script/transcript.h"

namespace gossip::script {

Nonce SeededNonces::next() {
  Nonce nonce{};
  std::uint64_t count = ++count_;
  for (std::size_t i = 0; i < sizeof count; ++i)
    nonce[i] = static_cast<std::uint8_t>(count >> (8 * i));
  return nonce;
}

void World::add(const std::string& name, Config config) {
  if (config.node_name.empty()) config.node_name = name;
  Process process;
  process.config = std::move(config);
  process.address = {IpAddress::v4({127, 0, 0, ++last_host_}), kDefaultPort};
  processes_.insert_or_assign(name, std::move(process));
}

void World::start(const std::string& name) {
  start_from(name, {});
}

void World::restart(const std::string& name) {
  start_from(name, snapshot(name));
}

const std::string& World::snapshot(std::string_view name) const {
  return processes_.find(name)->second.snapshot;
}
const std::string& World::keyring(std::string_view name) const {
  return processes_.find(name)->second.keyring;
}

// What the process has sealed opens with a key that it has, or has been given since.
Config World::config_to_read(const std::string& name) const {
  Config all = config(name);
  if (!all.encryption_keys.empty()) {
    all.encryption_keys.insert(all.encryption_keys.end(), learnt_keys_.begin(), learnt_keys_.end());
  }
  return all;
}

void World::set_snapshot(const std::string& name, std::string text) {
  processes_.at(name).snapshot = std::move(text);
}
void World::fill_disk(const std::string& name, bool is_full) {
  processes_.at(name).disk_is_full = is_full;
}

void World::start_from(const std::string& name, std::string_view last_run) {
  Process& process = processes_.at(name);
  Seed seed{};
  std::copy_n(name.begin(), std::min(name.size(), seed.size()), seed.begin());
  const LocalAddress local{process.address, process.address.port};
  process.engine = std::make_unique<Engine>(process.config, local, seed, nonces_, texts_);
  act(name, [&](Engine& engine, TimePoint now, Effects& out) { engine.start(now, last_run, out); });
}

void World::kill(const std::string& name) {
  processes_.at(name).engine.reset();
  for (auto it = peers_.begin(); it != peers_.end();) {
    if (it->first.process == name) {
      const End other = it->second;
      peers_.erase(other);
      it = peers_.erase(it);
      deliver({.what = Delivery::What::Ended,
               .to = other,
               .from = {name, 0},
               .from_address = {},
               .bytes = {},
               .end = StreamEnd::Reset});
      it = peers_.begin();
    } else {
      ++it;
    }
  }
}

bool World::runs(std::string_view name) const {
  const auto it = processes_.find(name);
  return it != processes_.end() && it->second.engine != nullptr;
}

Engine& World::engine(std::string_view name) {
  const auto it = processes_.find(name);
  GOSSIP_CHECK(it != processes_.end() && it->second.engine != nullptr);
  return *it->second.engine;
}

Address World::address(std::string_view name) const {
  const auto it = processes_.find(name);
  GOSSIP_CHECK(it != processes_.end());
  return it->second.address;
}
const Config& World::config(std::string_view name) const {
  return processes_.find(name)->second.config;
}
void World::move(const std::string& name, const Address& to, OldHost old_host) {
  if (old_host == OldHost::Refuses) faults_.leave_host(address(name));
  faults_.settle_at(to);
  processes_.at(name).address = to;
}

std::string World::process_at(const Address& address) const {
  for (const auto& [name, process] : processes_) {
    if (same_endpoint(process.address, address)) return name;
  }
  return {};
}

void World::note(LineKind kind, std::string text, bool lost) {
  lines_.push_back({now_, kind, std::move(text), lost});
}

std::vector<Line> World::take_lines() {
  return std::exchange(lines_, {});
}

void World::inject(const Address& from, const std::string& to, Bytes datagram) {
  deliver({.what = Delivery::What::Packet,
           .to = {to, 0},
           .from = {},
           .from_address = from,
           .bytes = std::move(datagram)});
}

void World::connect_stranger(const std::string& to) {
  deliver({.what = Delivery::What::Connect,
           .to = {to, 0},
           .from_address = {IpAddress::v4({127, 0, 9, 9}), kDefaultPort}});
}

void World::deliver(Delivery delivery) {
  on_the_way_.emplace(now_ + latency_, std::move(delivery));
}

void World::carry_out(const std::string& name, Effects& effects) {
  for (Effect& effect : effects) {
    std::visit(
        base::Overloaded{
            [&](SendPacket& packet) { carry_out(name, packet); },
            [&](OpenStream& stream) { carry_out(name, stream); },
            [&](WriteStream& write) { carry_out(name, write); },
            [&](CloseStream& close) { carry_out(name, close); },
            [&](Publish& publish) {
              note(LineKind::Event, name + "      " + describe_event(publish.event));
              note_asked(name, publish.event);
            },
            [&](Finish& finish) {
              note(LineKind::Event, name + "      " + describe_finish(finish));
            },
            [&](QueryReply& reply) {
              note(LineKind::Event, name + "      " + describe_reply(reply));
            },
            [&](QueryDone& done) { note(LineKind::Event, name + "      " + describe_done(done)); },
            [&](Save& save) { carry_out(name, save); },
            [&](Stop& stop) {
              note(LineKind::Event, name + "      must stop: its name belongs to " + stop.who);
            },
            [&](Log& log) { note(LineKind::Log, name + "      " + describe_log(log)); },
        },
        effect);
  }
  answer_asked(name);
}

std::optional<QueryToken> World::asked(std::string_view name, std::string_view query) const {
  const Process& process = processes_.find(name)->second;
  const auto known = process.asked.find(query);
  return known == process.asked.end() ? std::nullopt : std::make_optional(known->second);
}

void World::answer_always(const std::string& name, std::optional<std::string> text) {
  processes_.at(name).answers_always = true;
  processes_.at(name).answer = std::move(text);
}

void World::note_asked(const std::string& name, const Event& event) {
  const auto* query = std::get_if<Query>(&event);
  if (query == nullptr) return;
  Process& process = processes_.at(name);
  process.asked.insert_or_assign(query->name, query->token);
  if (process.answers_always) to_answer_.push_back(query->token);
}

void World::answer_asked(const std::string& name) {
  for (const QueryToken query : std::exchange(to_answer_, {})) {
    const std::optional<std::string>& answer = processes_.at(name).answer;
    act(name, [&](Engine& engine, TimePoint now, Effects& out) {
      if (answer.has_value()) {
        (void)engine.respond(now, query, as_bytes(*answer), out);
      } else {
        engine.decline(now, query, out);
      }
    });
  }
}

void World::carry_out(const std::string& name, SendPacket& packet) {
  const std::string to = process_at(packet.to);
  const bool passes = !to.empty() && faults_.udp_passes(name, to);
  const bool refused = passes && (faults_.rejects(to, Faults::Traffic::Udp, name) ||
                                  (!runs(to) && faults_.tells_of_closed_port(to)));
  const bool lost = !refused && (!passes || !runs(to));
  const std::string target = to.empty() ? packet.to.to_string() : to;
  for (const std::string& message : describe_packet(packet.datagram, config_to_read(name))) {
    note(LineKind::Packet, name + " → " + target + "  " + message + (refused ? "  refused" : ""),
         lost);
  }
  if (refused) {
    on_the_way_.emplace(
        now_ + 2 * latency_,
        Delivery{.what = Delivery::What::Refused, .to = {name, 0}, .from_address = packet.to});
  } else if (!lost) {
    deliver({.what = Delivery::What::Packet,
             .to = {to, 0},
             .from = {name, 0},
             .from_address = faults_.translation(name).value_or(address(name)),
             .bytes = std::move(packet.datagram)});
  }
}

void World::carry_out(const std::string& name, OpenStream& stream) {
  const std::string to = process_at(stream.to);
  const std::string target = to.empty() ? stream.to.to_string() : to;
  const End ours{name, stream.id};
  const bool refused =
      to.empty() ? faults_.host_refuses(stream.to) && !faults_.is_cut(name)
                 : faults_.passes(name, to) && faults_.rejects(to, Faults::Traffic::Tcp, name);
  if (refused) {
    note(LineKind::Stream, name + " ⇒ " + target + "  connect");
    on_the_way_.emplace(
        now_ + 2 * latency_,
        Delivery{.what = Delivery::What::Ended, .to = ours, .end = StreamEnd::Refused});
    return;
  }
  if (to.empty() || !faults_.passes(name, to)) {
    note(LineKind::Stream, name + " ⇒ " + target + "  connect", true);
    on_the_way_.emplace(stream.give_up_at, Delivery{.what = Delivery::What::Ended,
                                                    .to = ours,
                                                    .from = {},
                                                    .from_address = {},
                                                    .bytes = {},
                                                    .end = StreamEnd::TimedOut});
    return;
  }
  note(LineKind::Stream, name + " ⇒ " + target + "  connect");
  deliver({.what = Delivery::What::Connect,
           .to = {to, 0},
           .from = ours,
           .from_address = faults_.translation(name).value_or(address(name))});
}

void World::carry_out(const std::string& name, WriteStream& write) {
  const auto peer = peers_.find(End{name, write.id});
  if (peer == peers_.end()) return;
  note(LineKind::Stream, name + " ⇒ " + peer->second.process + "  " +
                             describe_stream(write.bytes, config_to_read(name)));
  deliver({.what = Delivery::What::Bytes,
           .to = peer->second,
           .from = {name, write.id},
           .from_address = {},
           .bytes = std::move(write.bytes)});
}

void World::carry_out(const std::string& name, CloseStream& close) {
  const auto peer = peers_.find(End{name, close.id});
  if (peer == peers_.end()) return;
  if (peer->second.process.empty())
    note(LineKind::Stream, name + "      closes a stranger's stream");
  deliver({.what = Delivery::What::Ended,
           .to = peer->second,
           .from = {name, close.id},
           .from_address = {}});
}

// As a host does it: an append is silent unless it fails, a rewrite always says how it went.
void World::carry_out(const std::string& name, const Save& save) {
  Process& process = processes_.at(name);
  const bool is_append = save.mode == SaveMode::Append;
  if (!process.disk_is_full) {
    std::string& file = save.file == SavedFile::Keyring ? process.keyring : process.snapshot;
    file = (is_append ? file : "") + save.text;
  }
  if (!is_append || process.disk_is_full) deliver_outcome(name, save);
}

void World::deliver_outcome(const std::string& name, const Save& save) {
  const bool failed = processes_.at(name).disk_is_full;
  deliver({.what = failed ? Delivery::What::NotSaved : Delivery::What::Saved,
           .to = {name, 0},
           .from = {},
           .from_address = {},
           .bytes = {},
           .file = save.file});
}

}  // namespace gossip::script
