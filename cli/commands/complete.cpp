#include "cli/commands/complete.h"

#include <algorithm>
#include <set>

#include "cli/commands/members.h"
#include "cli/commands/tags.h"

namespace gossip::cli {
namespace {

bool is_plain(const std::string& name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_gone(const Member& member) {
  return member.status == MemberStatus::Failed || member.status == MemberStatus::Left;
}

}  // namespace

std::vector<std::string> candidates(const std::vector<Member>& members,
                                    CompleteOptions::What what) {
  std::set<std::string> names;
  for (const Member& member : members) {
    if (what == CompleteOptions::What::Members || what == CompleteOptions::What::Gone) {
      if (what == CompleteOptions::What::Members || is_gone(member)) names.insert(member.name);
      continue;
    }
    for (const auto& [key, value] : member.tags)
      names.insert(key);
  }
  std::vector<std::string> plain;
  std::copy_if(names.begin(), names.end(), std::back_inserter(plain), is_plain);
  return plain;
}

ExitCode run(const CompleteOptions& options, Connection& agent, Output& out) {
  Expected<std::vector<Member>> members = std::vector<Member>{};
  if (options.what == CompleteOptions::What::OwnTags) {
    members = own_tags(agent).map([](Tags tags) {
      Member self;
      self.tags = std::move(tags);
      return std::vector<Member>{self};
    });
  } else {
    members = matching_members({}, agent);
  }
  if (!members) {
    return Output::report(members.error());
  }
  for (const std::string& name : candidates(*members, options.what))
    out.print(name + '\n');
  return ExitCode::Done;
}

}  // namespace gossip::cli
