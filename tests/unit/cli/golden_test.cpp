// Our output of the data in Serf's captured output against that output: the same bytes, but for the order
// of rows and tags, which Serf draws anew at each call, and spaces at the end of lines.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/commands/info.h"
#include "cli/commands/members.h"
#include "unit/test_data.h"

namespace gossip::cli {
namespace {

using nlohmann::json;

json read_runs(const std::string& file) {
  std::ifstream in(test_data("golden/cli/" + file));
  return json::parse(in).at("runs");
}

// Standard output of the run of `serf COMMAND -rpc-addr=… FLAGS`.
std::string output_of(const json& runs, const std::string& command,
                      const std::vector<std::string>& flags) {
  std::vector<std::string> argv{"serf", command, "-rpc-addr=127.0.76.1:7373"};
  argv.insert(argv.end(), flags.begin(), flags.end());
  const auto run = std::find_if(runs.begin(), runs.end(),
                                [&argv](const json& r) { return r.at("argv") == json(argv); });
  REQUIRE(run != runs.end());
  return run->at("stdout");
}

MemberStatus status_from(const std::string& text) {
  for (const MemberStatus status :
       {MemberStatus::Alive, MemberStatus::Leaving, MemberStatus::Left}) {
    if (to_string(status) == text) {
      return status;
    }
  }
  return MemberStatus::Failed;
}

std::vector<Member> read_members(const std::string& text) {
  std::vector<Member> members;
  const json document = json::parse(text);
  for (const json& entry : document.at("members")) {
    Member member;
    member.name = entry.at("name");
    member.address = Address::parse(entry.at("addr").get<std::string>(), 0).value();
    member.tags = entry.at("tags").get<Tags>();
    member.status = status_from(entry.at("status"));
    members.push_back(member);
  }
  return members;
}

std::vector<std::string> sorted_lines(std::string text) {
  for (std::size_t at = 0; (at = text.find("role=web,dc=east", at)) != std::string::npos;) {
    text.replace(at, 16, "dc=east,role=web");
  }
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

// The objects of the list, each with its lines, sorted, without the comma between them.
std::vector<std::string> sorted_objects(const std::string& text) {
  std::vector<std::string> objects;
  std::size_t begin = 0;
  while ((begin = text.find("    {\n", begin)) != std::string::npos) {
    const std::size_t end = text.find("\n    }", begin);
    objects.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  std::sort(objects.begin(), objects.end());
  return objects;
}

TEST_CASE("members prints what Serf prints, in text and in JSON") {
  const json runs = read_runs("members.json");
  const std::string serf_json = output_of(runs, "members", {"-format=json"});
  const std::vector<Member> members = read_members(serf_json);
  REQUIRE(members.size() == 5);

  const std::string text = format_members(members, {}, Page{});
  CHECK(sorted_lines(text) == sorted_lines(output_of(runs, "members", {})));

  MembersOptions options;
  options.detailed = true;
  const std::string detailed = format_members(members, options, Page{});
  CHECK(sorted_lines(detailed) == sorted_lines(output_of(runs, "members", {"-detailed"})));

  options.format = Format::Json;
  const std::string ours = format_members(members, options, Page{});
  CHECK(sorted_objects(ours) == sorted_objects(serf_json));
  CHECK(ours.size() == serf_json.size());
}

TEST_CASE("info prints what Serf prints, byte for byte") {
  const json runs = read_runs("info-rtt-reachability.json");
  const std::string serf_json = output_of(runs, "info", {"-format=json"});
  const auto sections = json::parse(serf_json).get<rpc::StatsSections>();
  CHECK(format_info(sections, Format::Json) == serf_json);
  CHECK(format_info(sections, Format::Text) == output_of(runs, "info", {}));
}

}  // namespace
}  // namespace gossip::cli
