#include "agent/seeds/seeds.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/earlier.h"
#include "base/go_duration.h"

namespace gossip::agent::seeds {
namespace {

using Kind = config::SeedSpec::Kind;

bool holds(const std::vector<Address>& sorted, const Address& address) {
  return std::binary_search(sorted.begin(), sorted.end(), address);
}

// What it leads to cannot change.
bool is_fixed(const config::SeedSpec& spec) {
  return spec.kind == Kind::Address;
}

}  // namespace

Seeds::Seed* Seeds::find(SeedId id) {
  const auto at =
      std::find_if(seeds_.begin(), seeds_.end(), [id](const Seed& seed) { return seed.id == id; });
  return at == seeds_.end() ? nullptr : &*at;
}

void Seeds::set(TimePoint now, const std::vector<config::SeedSpec>& specs, Settings settings) {
  settings_ = settings;
  std::vector<Seed> kept;
  for (const config::SeedSpec& spec : specs) {
    const auto same = [&spec](const Seed& seed) { return seed.spec.text == spec.text; };
    if (std::any_of(kept.begin(), kept.end(), same)) continue;
    const auto known = std::find_if(seeds_.begin(), seeds_.end(), same);
    if (known != seeds_.end()) {
      kept.push_back(std::move(*known));
      continue;
    }
    Seed& added = kept.emplace_back();
    added.id = ++last_id_;
    added.spec = spec;
    added.due = now;
  }
  // What is under way for seeds that are gone ends by itself.
  seeds_ = std::move(kept);
}

void Seeds::looked_up(TimePoint now, SeedId id, Expected<SeedAnswer> answer) {
  Seed* const seed = find(id);
  if (seed == nullptr || seed->phase != Phase::LookingUp) return;
  seed->phase = Phase::Joining;
  seed->looked_up_at = now;
  if (!answer) {
    seed->error = {"", std::move(answer.error().message)};
    // Who cannot be asked now may have been right before; who says that there is nobody is.
    if (answer.error().code == ErrorCode::NotFound) return;
  } else {
    seed->asked = true;
    seed->answer = std::move(answer->addresses);
    seed->note = std::move(answer->note);
    std::erase_if(seed->behind, [&](const Address& address) {
      return std::find(seed->answer.begin(), seed->answer.end(), address) == seed->answer.end();
    });
  }
  seed->to_try = seed->answer;
}

void Seeds::joined(TimePoint now, SeedId id, const Address& address, const Expected<void>& result) {
  under_way_.erase(address);
  Seed* const seed = find(id);
  if (seed == nullptr) return;
  --seed->under_way;
  if (!result) {
    seed->error = {address.to_string(), result.error().message};
    return;
  }
  ++seed->joins;
  ++seed->joined_now;
  seed->joined_at = now;
  seed->behind.insert(address);
}

void Seeds::look_by(TimePoint at) {
  if (seeds_.empty()) return;
  look_at_ = look_at_ ? std::min(*look_at_, at) : at;
}

// Members come and go between attempts: what has become urgent does not wait for its turn.
void Seeds::look_again(TimePoint now, const Sight& sight) {
  look_at_.reset();
  for (Seed& seed : seeds_) {
    if (seed.phase != Phase::Waiting || !seed.asked) continue;
    if (standing_of(seed, sight) > seed.standing) wait(now, seed, sight);
  }
}

void Seeds::advance(TimePoint now, const Sight& sight, SeedEffects& out) {
  if (gave_up_) return;
  if (look_at_ && *look_at_ <= now) look_again(now, sight);
  for (Seed& seed : seeds_) {
    if (seed.phase == Phase::Waiting && seed.due && *seed.due <= now) begin(now, seed, sight, out);
  }
  for (Seed& seed : seeds_) {
    if (seed.phase == Phase::Joining) go_on(now, seed, sight, out);
  }
}

void Seeds::begin(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out) {
  seed.due.reset();
  const Standing standing = standing_of(seed, sight);
  // Somebody has met them in the meantime, through another seed or from outside.
  if (seed.standing > Standing::OnlyUs && standing == Standing::Whole) {
    seed.error = {};
    seed.failures = 0;
    recovered(seed, out);
    return wait(now, seed, sight);
  }
  ++seed.attempts;
  seed.begun_at = now;
  seed.joined_now = 0;
  seed.chosen = false;
  seed.to_try.clear();
  seed.error = {};
  if (is_fixed(seed.spec) && seed.asked) {
    seed.phase = Phase::Joining;
    seed.to_try = seed.answer;
    return;
  }
  seed.phase = Phase::LookingUp;
  out.emplace_back(LookUp{seed.id, seed.spec});
}

// Those that are missing, in random order, not too many.
void Seeds::choose(Seed& seed, const Sight& sight) {
  std::erase_if(seed.to_try, [&](const Address& a) { return !is_missing(seed, a, sight); });
  rng_.shuffle(std::span(seed.to_try));
  if (seed.to_try.size() > kMaxTries) seed.to_try.resize(kMaxTries);
}

void Seeds::go_on(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out) {
  if (!std::exchange(seed.chosen, true)) choose(seed, sight);
  std::erase_if(seed.to_try, [&](const Address& a) { return !is_missing(seed, a, sight); });
  for (auto next = seed.to_try.begin();
       next != seed.to_try.end() && under_way_.size() < kMaxJoinsAtOnce;) {
    // Another seed is about to reach it.
    if (!under_way_.insert(*next).second) {
      ++next;
      continue;
    }
    ++seed.under_way;
    out.emplace_back(JoinSeed{seed.id, *next});
    next = seed.to_try.erase(next);
  }
  if (seed.to_try.empty() && seed.under_way == 0) end(now, seed, sight, out);
}

void Seeds::end(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out) {
  seed.phase = Phase::Waiting;
  // Only who is no member under this address.
  std::erase_if(seed.behind, [&](const Address& a) { return holds(sight.living, a); });
  if (sight.living.empty() && seed.joined_now > 0) {
    seed.error = {"", seed.behind.begin()->to_string() +
                          " answered, but no other member is there: it is this agent itself"};
    seed.behind.clear();
  }
  if (has_met(seed, sight)) {
    if (seed.joined_now > 0) {
      out.emplace_back(Say{LogLevel::Info, "Join completed. Synced with " +
                                               std::to_string(seed.joined_now) +
                                               " initial agents (" + seed.spec.text + ")"});
      seed.complaint.clear();
    }
    met_once_ = true;
    seed.failures = 0;
    recovered(seed, out);
    return wait(now, seed, sight);
  }
  if (seed.error.why.empty()) {
    seed.error.why = seed.answer.empty() ? "it names nobody" : "it names this agent alone";
  }
  ++seed.failures;
  wait(now, seed, sight);
  if (used_up(sight)) {
    gave_up_ = true;
    out.emplace_back(Say{LogLevel::Error, "maximum retry join attempts made, exiting"});
    out.emplace_back(GiveUp{});
    return;
  }
  failed(now, seed, out);
}

void Seeds::failed(TimePoint now, Seed& seed, SeedEffects& out) {
  const bool same = seed.complaint == seed.error.why && seed.complained_at &&
                    now - *seed.complained_at < kSameComplaint;
  if (same) return;
  seed.complaint = seed.error.why;
  seed.complained_at = now;
  const std::string next = seed.standing == Standing::Alone
                               ? "Join failed, retrying in " + base::format_go_duration(seed.pause)
                               : std::string("nobody of it is a member");
  out.emplace_back(Say{seed.standing == Standing::OnlyUs ? LogLevel::Info : LogLevel::Warn,
                       next + ": seed " + seed.spec.text + ": " + seed.error.text()});
}

// Whoever has read the complaint reads its end, too.
void Seeds::recovered(Seed& seed, SeedEffects& out) {
  if (std::exchange(seed.complaint, "").empty()) return;
  out.emplace_back(Say{LogLevel::Info, "seed " + seed.spec.text + ": it is met now"});
}

// Chooses when the next attempt is due; nothing where none can bring news.
void Seeds::wait(TimePoint now, Seed& seed, const Sight& sight) {
  seed.standing = standing_of(seed, sight);
  seed.due.reset();
  // With n members each one's turn comes n/3 times as seldom.
  const auto share = [&](Duration interval) {
    const std::size_t members = std::max(sight.living.size() + 1, kAttemptsPerInterval);
    return about(interval * static_cast<std::int64_t>(members) /
                 static_cast<std::int64_t>(kAttemptsPerInterval));
  };
  if (seed.standing == Standing::Alone) {
    seed.pause = seed.pause == Duration::zero() ? kFirstPause : seed.pause * 2;
    seed.pause = std::min(seed.pause, settings_.interval);
    seed.due = now + about(seed.pause);
    return;
  }
  seed.pause = Duration::zero();
  if (seed.standing == Standing::Missing) {
    seed.due = now + share(settings_.interval);
  } else if (!is_fixed(seed.spec) && settings_.refresh > Duration::zero()) {
    seed.due = now + share(settings_.refresh);
  }
}

bool Seeds::used_up(const Sight& sight) const {
  if (settings_.max_retries == 0 || met_once_ || !sight.living.empty()) return false;
  return std::all_of(seeds_.begin(), seeds_.end(),
                     [this](const Seed& seed) { return seed.failures > settings_.max_retries; });
}

// A fifth more or less, so that agents that began together do not go on together.
Duration Seeds::about(Duration pause) {
  return pause * 4 / 5 + Duration(static_cast<std::int64_t>(
                             rng_.unit() * static_cast<double>(pause.count()) * 0.4));
}

bool Seeds::is_missing(const Seed& seed, const Address& address, const Sight& sight) {
  if (holds(sight.own, address) || holds(sight.living, address)) return false;
  // Whom we have reached through it is among the living, as far as anybody is.
  return sight.living.empty() || seed.behind.count(address) == 0;
}

bool Seeds::has_met(const Seed& seed, const Sight& sight) {
  if (sight.living.empty()) return false;
  return std::any_of(seed.answer.begin(), seed.answer.end(), [&](const Address& address) {
    return !holds(sight.own, address) && !is_missing(seed, address, sight);
  });
}

Seeds::Standing Seeds::standing_of(const Seed& seed, const Sight& sight) {
  const Standing urgent = sight.living.empty() ? Standing::Alone : Standing::Missing;
  if (!seed.asked) return urgent;
  const auto is_other = [&](const Address& a) { return !holds(sight.own, a); };
  const auto missing = [&](const Address& a) { return is_missing(seed, a, sight); };
  if (std::any_of(seed.answer.begin(), seed.answer.end(), missing)) return urgent;
  if (std::any_of(seed.answer.begin(), seed.answer.end(), is_other)) return Standing::Whole;
  // A fixed address that is ours leads nowhere; a name may lead to others one day.
  if (is_fixed(seed.spec) || !sight.living.empty()) return Standing::OnlyUs;
  return Standing::Alone;
}

std::optional<TimePoint> Seeds::next_deadline() const {
  if (gave_up_) return std::nullopt;
  std::optional<TimePoint> next = look_at_;
  for (const Seed& seed : seeds_) {
    if (seed.due) next = next ? std::min(*next, *seed.due) : *seed.due;
  }
  return next;
}

std::vector<SeedReport> Seeds::report(const Sight& sight) const {
  std::vector<SeedReport> reports;
  for (const Seed& seed : seeds_) {
    SeedReport& report = reports.emplace_back();
    report.seed = seed.spec.text;
    report.kind = config::to_string(seed.spec.kind);
    report.answer = seed.answer;
    report.error = seed.error.text();
    report.note = seed.note;
    report.attempts = seed.attempts;
    report.joins = seed.joins;
    report.looked_up_at = seed.looked_up_at;
    report.joined_at = seed.joined_at;
    report.next_at = seed.due;
    if (seed.phase != Phase::Waiting) report.begun_at = seed.begun_at;
    report.state = [&]() -> std::string_view {
      if (seed.phase == Phase::LookingUp) return "looking up";
      if (seed.phase == Phase::Joining) return "joining";
      switch (standing_of(seed, sight)) {
        case Standing::Whole: return "met";
        case Standing::OnlyUs: return "only us";
        case Standing::Missing: return has_met(seed, sight) ? "missing" : "waiting";
        case Standing::Alone: return "waiting";
      }
      return "";
    }();
  }
  return reports;
}

}  // namespace gossip::agent::seeds
