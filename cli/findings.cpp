#include "cli/findings.h"

#include <algorithm>
#include <utility>

#include "base/go_duration.h"
#include "cli/show_member.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using Findings = std::vector<Finding>;

// A full packet of gossip with its CRC and its UDP and IP headers (docs/wire.md 2.4).
constexpr int kPacketMtuV4 = 1405 + 8 + 20;
constexpr int kPacketMtuV6 = 1405 + 8 + 40;
// One ping may be lost anywhere.
constexpr std::uint32_t kManyPings = 2;
// Who is killed and started again fails once.
constexpr std::uint32_t kManyFailures = 2;

std::string shown(const Member& member) {
  return member.name + " (" + format_address(member) + ")";
}

// "3 times lately, from 5m10s to 12s ago".
std::string when(const Sightings& sightings) {
  std::string text =
      (sightings.count == 1 ? "once" : std::to_string(sightings.count) + " times") + " lately";
  if (!sightings.first_ago || !sightings.last_ago) return text;
  const std::string last = base::format_go_duration(*sightings.last_ago) + " ago";
  if (sightings.count == 1) return text + ", " + last;
  return text + ", from " + base::format_go_duration(*sightings.first_ago) + " to " + last;
}

bool is_other(const Member& member, const Facts& facts) {
  return member.status == MemberStatus::Alive && member.name != facts.self;
}

const Doubts& doubts_of(const Member& member, const Facts& facts) {
  static const Doubts kNone;
  const auto found = facts.log.members.find(member.name);
  return found == facts.log.members.end() ? kNone : found->second;
}

// Alive by other ways, but what it sends by UDP does not seem to come here.
bool is_unheard(const Member& member, const Facts& facts) {
  if (facts.acks && facts.acks->contains(member.name)) return false;  // heard just now
  const Doubts& doubts = doubts_of(member, facts);
  if (doubts.only_stream.count > 0 || doubts.pings_lost.count >= kManyPings) return true;
  if (!facts.acks) return false;
  const auto link = facts.links.find(member.name);
  const bool opens = link != facts.links.end() && link->second.tcp_error.empty();
  return opens || facts.relayed_acks.contains(member.name);
}

// Of several members most cannot all be at fault.
Names unheard_by_this_host(const Facts& facts) {
  Names unheard;
  std::size_t others = 0;
  for (const Member& member : facts.members) {
    if (!is_other(member, facts)) continue;
    ++others;
    if (is_unheard(member, facts)) unheard.insert(member.name);
  }
  return unheard.size() >= 2 && 2 * unheard.size() > others ? unheard : Names{};
}

// Said once, instead of each member's being accused.
void find_deafness(const Names& unheard, const Facts& facts, Findings& out) {
  if (unheard.empty()) return;
  constexpr std::size_t kMostNames = 5;
  const std::vector<std::string> names(unheard.begin(), unheard.end());
  const auto self = std::find_if(facts.members.begin(), facts.members.end(),
                                 [&](const Member& m) { return m.name == facts.self; });
  out.push_back({"udp", facts.self,
                 "UDP of " + std::to_string(unheard.size()) +
                     " members does not seem to come here (" + list_some(names, kMostNames, ", ") +
                     "): they live by TCP and by what others tell",
                 "Let UDP to this agent's address and port" +
                     (self == facts.members.end() ? "" : ", " + format_address(*self) + ",") +
                     " through: this host's firewall is likelier than theirs"});
}

// Where nobody else is left, the agent's health says no more than that they have failed.
bool hears_nobody_but_the_dead(const Facts& facts) {
  const auto has = [&facts](auto matches) {
    return std::any_of(facts.members.begin(), facts.members.end(), matches);
  };
  return has([](const Member& member) { return member.status == MemberStatus::Failed; }) &&
         !has([&facts](const Member& member) { return is_other(member, facts); });
}

void find_self(const Facts& facts, Findings& out) {
  const double health = figure(facts.families, "gossipd_health_score");
  if (health > 0 && !hears_nobody_but_the_dead(facts)) {
    out.push_back({"self", facts.self,
                   "this agent's health score is " + std::to_string(static_cast<int>(health)) +
                       ": it hears others badly, and its suspicions are worth less",
                   "Look at this host's load and network before you look at theirs"});
  }
  if (facts.messages_shed > 0) {
    out.push_back({"self", facts.self,
                   "messages are given up: a queue is full, or no packet has room for them",
                   "Send fewer or smaller events, or raise max_queue_depth"});
  }
}

void find_snapshot(const Facts& facts, Findings& out) {
  if (figure(facts.families, "gossipd_snapshot_failing") == 0) return;
  const auto failures =
      static_cast<std::uint64_t>(figure(facts.families, "gossipd_snapshot_failures_total"));
  out.push_back({"snapshot", facts.self,
                 "the snapshot cannot be written (" + std::to_string(failures) +
                     (failures == 1 ? " failure" : " failures") +
                     "): an agent that ends now forgets what has happened since",
                 "Make room on its disk, and see that the agent's user may write the folder of "
                 "snapshot_path; the log has the system's reason, and it is tried again every 30 "
                 "seconds"});
}

void find_refusal(const Facts& facts, Findings& out) {
  if (facts.query_error.empty()) return;
  out.push_back({"query", "",
                 "not all members could be asked for a sign of life: " + facts.query_error,
                 "Compare query_size_limit and the load of this agent, and ask again"});
}

void find_failed(const Member& member, Findings& out) {
  if (member.status != MemberStatus::Failed) return;
  out.push_back({"failed", member.name, shown(member) + " has failed",
                 "Start it, or forget it with 'gossipctl force-leave'"});
}

// How it answers over UDP.
void find_silence(const Member& member, const Facts& facts, Findings& out) {
  const bool straight = !facts.acks || facts.acks->contains(member.name);
  if (!straight && facts.relayed_acks.contains(member.name)) {
    out.push_back({"one-way", member.name,
                   shown(member) + " answers through others only: its UDP does not come here",
                   "Let UDP from it to this agent's address and port through"});
  } else if (!straight) {
    out.push_back({"udp", member.name, shown(member) + " is shown as alive and does not answer",
                   "See whether its process or host hangs, or has just gone; if not, let UDP "
                   "through both ways "
                   "between it and the others"});
  }
}

void find_links(const Member& member, const Facts& facts, Findings& out) {
  const auto link = facts.links.find(member.name);
  if (link == facts.links.end()) return;
  if (!link->second.tcp_error.empty()) {
    out.push_back({"tcp", member.name,
                   "no TCP connection to " + shown(member) + ": " + link->second.tcp_error,
                   "Let TCP to its port through; joins and full exchanges need it"});
  }
  const int needed = member.address.ip.shortest().bytes().size() == 4 ? kPacketMtuV4 : kPacketMtuV6;
  if (link->second.mtu && *link->second.mtu < needed) {
    out.push_back({"mtu", member.name,
                   "packets to " + shown(member) + " may have " +
                       std::to_string(*link->second.mtu) + " bytes, gossip needs " +
                       std::to_string(needed),
                   "Raise the MTU of the tunnel or interface on the way"});
  }
}

void find_doubts(const Member& member, const Facts& facts, Findings& out) {
  const Doubts& doubts = doubts_of(member, facts);
  if (doubts.only_stream.count > 0) {
    out.push_back(
        {"udp", member.name,
         "probes of " + shown(member) + " were answered over TCP alone " + when(doubts.only_stream),
         "Let UDP to its port through"});
  } else if (doubts.failed.count >= kManyFailures) {
    out.push_back({"suspicion", member.name,
                   shown(member) + " is alive and failed " + when(doubts.failed),
                   "See whether its process or host is restarted again and again, and for lost "
                   "packets between here and there"});
  } else if (doubts.suspected.count > 0) {
    out.push_back({"suspicion", member.name,
                   shown(member) + " is alive and was suspected " + when(doubts.suspected),
                   "Look at its host's load, and for lost packets between here and there"});
  } else if (doubts.pings_lost.count >= kManyPings) {
    out.push_back({"one-way", member.name,
                   "others reached " + shown(member) + ", which did not answer direct pings " +
                       when(doubts.pings_lost),
                   "Let UDP through both ways between here and there"});
  }
  if (doubts.suspects_us.count > 0) {
    out.push_back({"one-way", member.name,
                   shown(member) + " suspected this agent " + when(doubts.suspects_us),
                   "Let UDP from it to this agent's address and port through"});
  }
}

std::string_view remedy_for(Mismatch mismatch) {
  switch (mismatch) {
    case Mismatch::OtherKey:
      return "Either side may lack the other's key: whoever missed a rotation needs the keyring of "
             "the others (gossipctl keys --list on both); keep a stranger away";
    case Mismatch::NoKeyHere:
      return "Give this agent that cluster's keyring if it belongs there (keyring_file or "
             "encrypt_key_file), else keep the other away";
    case Mismatch::NotEncrypted:
      return "Give it this cluster's key (gossipctl keys --list), or keep it away";
    case Mismatch::Label: return "Compare the setting 'label' of both configurations";
    case Mismatch::Versions: break;
  }
  return "Compare the versions of both";
}

void find_input(const Facts& facts, Findings& out) {
  for (const auto& [source, dropped] : facts.log.dropped) {
    out.push_back({"input", "",
                   "input from " + dropped.from + " was dropped: " + dropped.why + " (reported " +
                       when(dropped.reports) + ")",
                   std::string(remedy_for(source.second))});
  }
}

void find_keys(const Facts& facts, Findings& out) {
  if (!facts.keys_error.empty()) {
    out.push_back({"keys", "", "the list of keys is not whole: " + facts.keys_error,
                   "'gossipctl keys --list' shows who gave which error or no answer"});
  }
  if (!facts.keys) return;
  const rpc::KeyResponse& keys = *facts.keys;
  for (const auto& [key, count] : keys.keys.value_or(std::map<std::string, std::int64_t>{})) {
    if (count >= keys.response_count) continue;
    out.push_back({"keys", "",
                   "a key is on " + std::to_string(count) + " of " +
                       std::to_string(keys.response_count) + " members",
                   "'gossipctl keys --list' shows which; install it everywhere or remove it"});
  }
  for (const std::string& name : keys.silent) {
    if (facts.acks && !facts.acks->contains(name)) continue;  // it answers nothing, which is told
    out.push_back({"keys", name, name + " did not tell which keys it has",
                   "Look at its log, and ask again with 'gossipctl keys --list'"});
  }
  if (keys.primaries.size() > 1) {
    out.push_back({"keys", "",
                   std::to_string(keys.primaries.size()) + " keys are primary on some members each",
                   "'gossipctl keys rotate' makes it one"});
  }
}

bool says(const rpc::SeedStatus& seed, std::string_view reason) {
  return seed.error.find(reason) != std::string::npos;
}

// By how far the seed has led: an error of a join begins with the address.
std::string_view place_to_look(const rpc::SeedStatus& seed) {
  const auto is_its = [&seed](const std::string& address) {
    return seed.error.starts_with(address + ": ");
  };
  if (seed.error.starts_with("it names ") || seed.error.ends_with(" it is this agent itself"))
    return "Have the seeds name other members, too";
  if (says(seed, "the encryption keys differ")) {
    return "Either side may lack the other's key: whoever missed a rotation needs the keyring of "
           "the others";
  }
  if (says(seed, "this node has no encryption key"))
    return "Give this agent the cluster's keyring (keyring_file or encrypt_key_file)";
  if (says(seed, "is not encrypted, but encryption is configured"))
    return "Give that member this cluster's keyring, or take it out of the seeds";
  if (says(seed, "another cluster label"))
    return "Compare the setting 'label' of both configurations";
  const bool was_found = seed.error.empty() || seed.kind == "address" ||
                         std::any_of(seed.answer.begin(), seed.answer.end(), is_its);
  if (!was_found && seed.kind == "name")
    return "Look whether the name is right and this host finds it ('getent ahosts NAME')";
  if (!was_found && seed.kind == "service")
    return "Look whether the name has SRV records that this host finds ('host -t SRV NAME')";
  if (!was_found && seed.kind == "mdns") {
    return "Look whether other agents name this mDNS cluster and multicast passes between the "
           "hosts (UDP 5353)";
  }
  if (!was_found && seed.kind == "script") return "Run the command as the agent's user would";
  if (!was_found && seed.kind == "file")
    return "Look whether the file is there and the agent's user may read it";
  return "Look whether an agent of this cluster runs there and its port can be reached over TCP";
}

void find_seeds(const Facts& facts, Findings& out) {
  for (const rpc::SeedStatus& seed : facts.seeds) {
    const bool is_fine = seed.state == "only us" || (seed.state != "missing" && seed.error.empty());
    if (is_fine) continue;
    out.push_back(
        {"seeds", "",
         "the seed " + seed.seed + " is not met" + (seed.error.empty() ? "" : ": " + seed.error),
         std::string(place_to_look(seed)) +
             "; 'gossipctl info --seeds' shows its last answer and its next attempt"});
  }
}

}  // namespace

double figure(std::span<const metrics::Family> families, std::string_view name) {
  for (const metrics::Family& family : families) {
    if (family.name == name && !family.samples.empty()) return family.samples.front().value;
  }
  return 0;
}

std::vector<Finding> find_trouble(const Facts& facts) {
  Findings found;
  // First: who is down makes this agent doubt its own hearing, too.
  for (const Member& member : facts.members)
    find_failed(member, found);
  find_self(facts, found);
  find_snapshot(facts, found);
  find_refusal(facts, found);
  const Names unheard = unheard_by_this_host(facts);
  find_deafness(unheard, facts, found);
  for (const Member& member : facts.members) {
    if (!is_other(member, facts)) continue;
    const bool is_told = unheard.contains(member.name);
    if (!is_told) find_silence(member, facts, found);
    find_links(member, facts, found);
    if (!is_told) find_doubts(member, facts, found);
  }
  find_input(facts, found);
  find_keys(facts, found);
  find_seeds(facts, found);
  return found;
}

}  // namespace gossip::cli
