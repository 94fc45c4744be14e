#include "cluster/conflict.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "wire/cluster_codec.h"

namespace gossip::cluster {

namespace {

constexpr auto kConflictResponse = static_cast<std::uint8_t>(wire::ClusterType::ConflictResponse);

// Serf's status numbers. One that is unknown counts as a member that is there.
bool is_present(std::int64_t status) {
  return status != static_cast<std::int64_t>(MemberStatus::Left) &&
         status != static_cast<std::int64_t>(MemberStatus::Failed);
}

std::string_view describe(members::SwimState state) {
  switch (state) {
    case members::SwimState::Absent: return "absent";
    case members::SwimState::Alive: return "alive";
    case members::SwimState::Suspect: return "suspect";
    case members::SwimState::Dead: return "dead";
    case members::SwimState::Left: return "left";
  }
  return "unknown";
}

}  // namespace

void ConflictNotices::notice(TimePoint now, const members::Record& member, const Address& other,
                             WhoseName whose, Outputs& out) {
  if (!is_due(now, member.name.view())) return;
  std::string addresses = "memberlist: Conflicting address for ";
  addresses.append(member.name.view()).append(". Mine: ").append(member.address().to_string());
  addresses.append(" Theirs: ").append(other.to_string());
  addresses.append(" Old state: ").append(describe(member.state));
  out.push_back(Log{LogLevel::Error, std::move(addresses)});
  if (whose == WhoseName::Ours) {
    out.push_back(Log{LogLevel::Error, "serf: Node name conflicts with another node at " +
                                           other.to_string() +
                                           ". Names must be unique! (Resolution enabled: " +
                                           (rule_ == NameConflict::Vote ? "true" : "false") + ")"});
    return;
  }
  std::string line = "serf: Name conflict for '";
  line.append(member.name.view()).append("' both ").append(member.address().to_string());
  line.append(" and ").append(other.to_string()).append(" are claiming");
  out.push_back(Log{LogLevel::Warn, std::move(line)});
}

bool ConflictNotices::is_due(TimePoint now, std::string_view name) {
  std::erase_if(noticed_at_, [now](const auto& entry) { return now - entry.second >= kRest; });
  if (noticed_at_.size() >= kMaxNames) return false;
  return noticed_at_.emplace(std::string(name), now).second;
}

bool NameVote::is_due(TimePoint now) const {
  return !vote_ && (!rests_until_ || *rests_until_ <= now);
}

void NameVote::begin(TimePoint now, QueryToken query, std::size_t electorate, const Address& ours) {
  vote_ = Vote{.query = query, .electorate = electorate, .ours = ours, .voices = {}, .other = {}};
  rests_until_ = now + kRest;
}

std::optional<QueryToken> NameVote::query() const {
  return vote_ ? std::optional(vote_->query) : std::nullopt;
}

void NameVote::shrink_to(std::size_t living,
                         const std::function<bool(std::string_view)>& is_alive) {
  if (!vote_) return;
  vote_->electorate = std::min(vote_->electorate, living);
  std::erase_if(vote_->voices, [&](const auto& entry) { return !is_alive(entry.first); });
}

void NameVote::receive(const QueryReply& reply) {
  if (!vote_ || vote_->query != reply.query || reply.kind != QueryReplyKind::Response) return;
  const ByteView payload = reply.payload;
  if (payload.empty() || payload.front() != kConflictResponse) return;
  const std::optional<wire::ConflictAnswer> answer =
      wire::decode_conflict_response(payload.subspan(1));
  if (!answer) return;
  Voice& voice = vote_->voices.try_emplace(reply.from, Voice::Neither).first->second;
  if (!answer->member) return;
  const std::optional<IpAddress> ip = IpAddress::from_bytes(answer->member->address);
  if (!ip) return;
  const Address where{*ip, answer->member->port};
  if (same_endpoint(where, vote_->ours)) {
    voice = Voice::ForUs;
  } else if (is_present(answer->member->status)) {
    voice = Voice::Against;
    vote_->other = where;
  }
}

std::uint32_t NameVote::count(Voice voice) const {
  return static_cast<std::uint32_t>(
      std::ranges::count(vote_->voices, voice, [](const auto& entry) { return entry.second; }));
}

bool NameVote::is_majority(std::uint32_t votes) const {
  return votes > vote_->electorate / 2;
}

NameVote::Verdict NameVote::verdict() const {
  if (!vote_) return Verdict::Open;
  if (is_majority(count(Voice::Against))) return Verdict::Lost;
  return is_majority(count(Voice::ForUs)) ? Verdict::Ours : Verdict::Open;
}

NameVote::Verdict NameVote::finish(Outputs& out) {
  const Verdict verdict = this->verdict();
  const std::string tally = " [" + std::to_string(count(Voice::ForUs)) + " / " +
                            std::to_string(vote_->voices.size()) + "]";
  const std::uint32_t against = count(Voice::Against);
  const Vote vote = *std::exchange(vote_, std::nullopt);
  if (verdict == Verdict::Lost) {
    out.push_back(
        Log{LogLevel::Warn, "serf: minority in name conflict resolution, quitting" + tally});
    out.push_back(Stop{StopReason::NameTaken, vote.other.to_string()});
  } else if (verdict == Verdict::Ours) {
    out.push_back(Log{LogLevel::Info, "serf: majority in name conflict resolution" + tally});
  } else {
    out.push_back(
        Log{LogLevel::Warn, "serf: no majority in name conflict resolution, keeping the name" +
                                tally + ": " + std::to_string(against) + " of " +
                                std::to_string(vote.electorate) + " living members know another"});
  }
  return verdict;
}

}  // namespace gossip::cluster
