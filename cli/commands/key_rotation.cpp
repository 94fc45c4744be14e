#include "cli/commands/key_rotation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "cli/commands/keygen.h"
#include "cli/commands/keys.h"
#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

struct Population {
  std::int64_t alive = 0;
  std::vector<std::string> away;  // failed: they miss the change
};

class Rotation {
 public:
  Rotation(const KeysOptions& options, Connection& agent, Output& out)
      : options_(options), agent_(agent), out_(out), fresh_(options.key) {}

  ExitCode run() {
    if (Expected<void> prepared = prepare(); !prepared) {
      return Output::report("nothing was changed", prepared.error());
    }
    if (options_.dry_run) {
      say("Would install a new key, make it the primary one, and remove: " + list(old_));
      return finish();
    }
    if (Expected<void> done = change(rpc::KeyChange::Install, fresh_, "Installing the new key");
        !done) {
      return stop(
          done.error(),
          "the new key is not everywhere, and not in use; the cluster works as before. Undo "
          "it with 'gossipctl keys --remove " +
              fresh_ +
              "'; or go on, when those members "
              "can follow, with 'gossipctl keys rotate --key " +
              fresh_ + "'");
    }
    if (Expected<void> done = change(rpc::KeyChange::Use, fresh_, "Changing the primary key");
        !done) {
      return stop(done.error(), both_keys());
    }
    if (Expected<void> checked = check(); !checked) {
      return stop(checked.error(), both_keys());
    }
    for (const std::string& key : old_) {
      if (Expected<void> done = change(rpc::KeyChange::Remove, key, "Removing the old key");
          !done) {
        return stop(done.error(),
                    "every live member seals with the new key, but the old one is not gone "
                    "everywhere: repeat 'gossipctl keys --remove " +
                        key + "'");
      }
    }
    say("Successfully rotated the key!");
    return finish();
  }

 private:
  void say(const std::string& line) {
    if (options_.format == Format::Text) {
      out_.print("==> " + line + '\n');
    }
  }

  // Of installing, using, checking, and removing each old key.
  void begin_step() {
    ++step_;
    agent_.begins("step " + std::to_string(step_) + " of " + std::to_string(3 + old_.size()) +
                  ", on all members");
  }

  static std::string list(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
      text += (text.empty() ? "" : ", ") + quote_word(word, ",");
    }
    return text;
  }

  [[nodiscard]] std::string both_keys() const {
    return "every member has the old key and the new one, so all of them understand each other: go "
           "on, when those members can follow, with 'gossipctl keys rotate --key " +
           fresh_ + "'";
  }

  static ExitCode stop(const Error& error, const std::string& state) {
    Output::complain("stopped: " + error.message);
    Output::complain("nothing is lost: " + state);
    return exit_code_for(error.code);
  }

  Expected<Population> count_members() {
    const Expected<rpc::Response> listed = agent_.call(rpc::MembersRequest{});
    if (!listed) {
      return tl::unexpected(listed.error());
    }
    Population population;
    if (const auto* const body = std::get_if<rpc::MembersResponse>(&listed->body)) {
      for (const Member& member : body->members) {
        if (member.status == MemberStatus::Alive) {
          ++population.alive;
        } else if (member.status == MemberStatus::Failed) {
          population.away.push_back(member.name);
        }
      }
    }
    return population;
  }

  // Who has which keys; an error unless every live member says so.
  Expected<rpc::KeyResponse> list_keys() {
    const Expected<rpc::Response> listed = agent_.exchange(rpc::ListKeysRequest{});
    if (!listed) {
      return tl::unexpected(listed.error());
    }
    if (Expected<void> followed = judge(*listed); !followed) {
      return tl::unexpected(followed.error());
    }
    const Expected<Population> population = count_members();
    if (!population) {
      return tl::unexpected(population.error());
    }
    auto keys = std::get<rpc::KeyResponse>(listed->body);
    if (keys.node_count < population->alive) {
      return fail(ErrorCode::WrongState,
                  std::to_string(population->alive) + " members are alive, but only " +
                      std::to_string(keys.node_count) + " were asked for their keys");
    }
    away_ = population->away;
    return keys;
  }

  static Expected<void> judge(const rpc::Response& response) {
    if (all_followed(response)) {
      return {};
    }
    const auto* const keys = std::get_if<rpc::KeyResponse>(&response.body);
    if (keys != nullptr) {
      Output::print_error(format_key_troubles(*keys, "failed:"));
    }
    if (!response.error.empty()) {
      return fail(ErrorCode::Refused, response.error);
    }
    return fail(ErrorCode::Refused,
                keys == nullptr ? "the agent's answer says nothing"
                                : std::to_string(keys->response_count) + " of " +
                                      std::to_string(keys->node_count) + " members followed");
  }

  Expected<void> prepare() {
    agent_.begins("asking all members for their keys");
    const Expected<rpc::KeyResponse> listed = list_keys();
    if (!listed) {
      return tl::unexpected(listed.error());
    }
    Expected<std::vector<std::string>> old = keys_to_replace(*listed, fresh_);
    if (!old) {
      return tl::unexpected(old.error());
    }
    old_ = std::move(*old);
    if (!away_.empty()) {
      Output::complain(
          "warning: failed members miss the change. If one of them comes back it knows "
          "only the old key, and stays out until its keyring has the new one: " +
          list(away_));
    }
    if (fresh_.empty() && !options_.dry_run) {
      Expected<std::string> made = generate_key();
      if (!made) {
        return tl::unexpected(made.error());
      }
      fresh_ = std::move(*made);
    }
    return {};
  }

  Expected<void> change(rpc::KeyChange how, const std::string& key, const std::string& what) {
    say(what + " on all members...");
    begin_step();
    const Expected<rpc::Response> done = agent_.exchange(rpc::KeyRequest{how, key});
    return done ? judge(*done) : tl::unexpected(done.error());
  }

  // Members may have joined meanwhile: asked again, each has the new key, and seals with it as far as told.
  Expected<void> check() {
    say("Checking that all members have followed...");
    begin_step();
    const Expected<rpc::KeyResponse> listed = list_keys();
    if (!listed) {
      return tl::unexpected(listed.error());
    }
    const auto count_in = [this](const std::map<std::string, std::int64_t>& counts) {
      const auto found = counts.find(fresh_);
      return found == counts.end() ? 0 : found->second;
    };
    const std::int64_t having = listed->keys ? count_in(*listed->keys) : 0;
    const std::int64_t sealing = listed->primaries.empty() ? having : count_in(listed->primaries);
    if (std::min(having, sealing) < listed->node_count) {
      return fail(ErrorCode::WrongState, "only " + std::to_string(std::min(having, sealing)) +
                                             " of " + std::to_string(listed->node_count) +
                                             " members use the new key");
    }
    return {};
  }

  ExitCode finish() {
    if (options_.format == Format::Json) {
      JsonWriter json(JsonLayout::Indented);
      json.begin_object();
      if (!fresh_.empty()) {  // a trial makes none
        json.key("key");
        json.text(fresh_);
      }
      json.key("replaced");
      json.texts(old_);
      json.key("at_risk");
      json.texts(away_);
      json.end_object();
      out_.print(json.take());
    } else if (!options_.dry_run) {
      out_.print('\n' + fresh_ + '\n');
    }
    return ExitCode::Done;
  }

  const KeysOptions& options_;
  Connection& agent_;
  Output& out_;
  std::string fresh_;
  std::vector<std::string> old_;
  std::vector<std::string> away_;
  std::size_t step_ = 0;
};

}  // namespace

Expected<std::vector<std::string>> keys_to_replace(const rpc::KeyResponse& listed,
                                                   const std::string& fresh) {
  std::vector<std::string> old;
  const auto add = [&](const std::map<std::string, std::int64_t>& counts) {
    for (const auto& [key, count] : counts) {
      if (count > 0 && key != fresh) {
        old.push_back(key);
      }
    }
  };
  if (!listed.primaries.empty()) {
    add(listed.primaries);
  } else if (listed.keys) {
    add(*listed.keys);
    if (old.size() > 1) {
      return fail(
          ErrorCode::WrongState,
          "the members have several keys, and this agent does not tell which is the primary "
          "one: remove those that are not in use first");
    }
  }
  if (old.empty()) {
    return fail(ErrorCode::WrongState, fresh.empty() ? "there is no key to replace"
                                                     : "that key is the primary one already");
  }
  return old;
}

ExitCode rotate_keys(const KeysOptions& options, Connection& agent, Output& out) {
  return Rotation(options, agent, out).run();
}

}  // namespace gossip::cli
