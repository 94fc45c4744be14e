#include "agent/handlers/script_input.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/utf8.h"

namespace gossip::agent {
namespace {

std::string replaced(std::string_view text, char wanted, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == wanted) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

// A field of a member's line.
std::string cleaned(std::string_view text) {
  return replaced(replaced(text, '\t', "\\t"), '\n', "\\n");
}

std::string role_of(const Tags& tags) {
  const auto role = tags.find("role");
  return role == tags.end() ? std::string() : role->second;
}

// One underscore for each character that is no letter or digit of ASCII, however many bytes it has.
std::string tag_variable(std::string_view name) {
  std::string variable = "TAG_";
  for (const char c : name) {
    if (base::continues_character(c)) continue;
    const bool lower = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    variable += lower ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
  }
  return variable;
}

std::string member_line(const Member& member) {
  std::string tags;
  for (const auto& [name, value] : member.tags) {
    tags.append(tags.empty() ? "" : ",").append(name).append("=").append(value);
  }
  return cleaned(member.name) + '\t' + member.address.ip.to_string() + '\t' +
         cleaned(role_of(member.tags)) + '\t' + cleaned(tags) + '\n';
}

Bytes with_newline(Bytes payload) {
  if (!payload.empty() && payload.back() != '\n') payload.push_back('\n');
  return payload;
}

}  // namespace

std::vector<std::string> script_variables(const Self& self, const Event& event) {
  std::vector<std::pair<std::string, std::string>> pairs{
      {"EVENT", std::string(kind_of(event))},
      {"SELF_NAME", self.name},
      {"SELF_ROLE", role_of(self.tags)},
  };
  for (const auto& [name, value] : self.tags)
    pairs.emplace_back(tag_variable(name), value);
  if (const auto* user = std::get_if<UserEvent>(&event)) {
    pairs.emplace_back("USER_EVENT", user->name);
    pairs.emplace_back("USER_LTIME", std::to_string(user->time));
  }
  if (const auto* query = std::get_if<Query>(&event)) {
    pairs.emplace_back("QUERY_NAME", query->name);
    pairs.emplace_back("QUERY_LTIME", std::to_string(query->time));
  }
  std::vector<std::string> variables;
  for (const auto& [name, value] : pairs) {
    const std::string assignment = name + "=" + replaced(value, '\0', "\\0");
    variables.push_back("SERF_" + assignment);
    variables.push_back("GOSSIP_" + assignment);
  }
  return variables;
}

std::vector<std::string> script_environment(const char* const* inherited,
                                            std::vector<std::string> variables) {
  std::map<std::string, std::string, std::less<>> by_name;
  const auto put = [&](std::string assignment) {
    std::string name = assignment.substr(0, assignment.find('='));
    by_name[std::move(name)] = std::move(assignment);
  };
  for (; *inherited != nullptr; ++inherited)
    put(*inherited);
  for (std::string& assignment : variables)
    put(std::move(assignment));
  std::vector<std::string> environment;
  environment.reserve(by_name.size());
  for (auto& [name, assignment] : by_name)
    environment.push_back(std::move(assignment));
  return environment;
}

Bytes script_input(const Event& event) {
  return std::visit(base::Overloaded{
                        [](const MemberEvent& members) {
                          Bytes lines;
                          for (const Member& member : members.members) {
                            const std::string line = member_line(member);
                            lines.insert(lines.end(), line.begin(), line.end());
                          }
                          return lines;
                        },
                        [](const UserEvent& user) { return with_newline(user.payload); },
                        [](const Query& query) { return with_newline(query.payload); },
                    },
                    event);
}

}  // namespace gossip::agent
