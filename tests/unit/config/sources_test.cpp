// Where a configuration comes from when nobody names a file, and secrets that come through descriptors.
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

struct DefaultFolder {
  TemporaryFolder folder;
  Environment environment;
  DefaultFolder() { environment.default_folder = folder.path(); }
};

TEST_CASE(
    "without a file named, gossipd.toml and conf.d of the default folder count, if they are "
    "there") {
  DefaultFolder etc;
  CHECK(loaded_in(etc.environment).value().settings.files.empty());
  const std::string main = etc.folder.write("gossipd.toml", "node_name = \"a\"\nrole = \"web\"\n");
  CHECK(loaded_in(etc.environment).value().node.node_name == "a");
  REQUIRE(::mkdir((etc.folder.path() + "/conf.d").c_str(), 0700) == 0);
  const std::string more = etc.folder.write("conf.d/1.toml", "node_name = \"b\"\n");
  const AgentConfig config = loaded_in(etc.environment).value();
  CHECK(config.node.node_name == "b");
  CHECK(config.node.tags == Tags{{"role", "web"}});
  CHECK(config.settings.files == Args{main, more});
  CHECK(loaded_in(etc.environment, {"--node=c"}).value().node.node_name == "c");
}

TEST_CASE("a file that is named replaces the default ones, and so does none") {
  DefaultFolder etc;
  static_cast<void>(etc.folder.write("gossipd.toml", "role = \"web\"\n"));
  const std::string other = etc.folder.write("other.toml", "node_name = \"a\"\n");
  CHECK(loaded_in(etc.environment, {"--config-file", other}).value().node.tags.empty());
  CHECK(loaded_in(etc.environment, {"--config-file=none"}).value().settings.files.empty());
  etc.environment.variables["GOSSIP_CONFIG_FILE"] = "none";
  CHECK(loaded_in(etc.environment).value().settings.files.empty());
  etc.environment.variables["GOSSIP_CONFIG_FILE"] = other;
  CHECK(loaded_in(etc.environment).value().settings.files == Args{other});
}

TEST_CASE("Serf's agent reads nothing that it is not told to") {
  DefaultFolder etc;
  static_cast<void>(etc.folder.write("gossipd.toml", "bogus\n"));
  CommandLine line;
  line.habits = Habits::Serf;
  CHECK(loaded_line(line, etc.environment).has_value());
}

TEST_CASE("a default file that is broken is an error") {
  DefaultFolder etc;
  const std::string main = etc.folder.write("gossipd.toml", "bogus = 1\n");
  CHECK(loaded_in(etc.environment).error().message == main + ":1:1: unknown key \"bogus\"");
}

// A pipe with `text` in it; gives the end to read as "fd:N".
std::string pipe_with(const std::string& text) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  REQUIRE(::close(ends[1]) == 0);
  return "fd:" + std::to_string(ends[0]);
}

TEST_CASE("what to type to check again names the sources that are read") {
  const auto command = [](const Args& args, Environment environment = {}) {
    return check_command(parsed_line(args).value(), environment);
  };
  const std::string check = "gossipd --check-config";
  Environment with_defaults;
  with_defaults.default_folder = "/etc/gossipd";
  CHECK(command({"--node=x"}, with_defaults) == check);
  CHECK(command({"--config-file=none"}, with_defaults) == check + " --config-file none");
  CHECK(command({"--config-file=/a.toml", "--config-dir", "/it's here"}) ==
        check + R"( --config-file /a.toml --config-dir '/it'\''s here')");
  Environment with_variable;
  with_variable.variables[kConfigFileVariable] = "/b.json";
  CHECK(command({"--config-dir=/c"}, with_variable) ==
        check + " --config-file /b.json --config-dir /c");
  const std::string relative = command({"--config-file=a.toml"});
  CHECK(relative.starts_with(check + " --config-file "));
  CHECK(relative.ends_with("/a.toml"));
}

TEST_CASE("a key comes through a descriptor, which is closed, and is there at the next reload") {
  Environment environment;
  const std::string source = pipe_with(std::string(kKey) + "\n");
  const Args args{"--encrypt-file", source};
  const AgentConfig config = loaded_in(environment, args).value();
  CHECK(config.node.encryption_keys == good({"--encrypt", kKey}).node.encryption_keys);
  CHECK(config.keys_from == source);
  CHECK(::close(std::stoi(source.substr(3))) != 0);
  CHECK(loaded_in(environment, args).value().node.encryption_keys == config.node.encryption_keys);
}

TEST_CASE("so does the RPC token") {
  Environment environment;
  const Args args{"--rpc-auth-file", pipe_with("token\nmore")};
  CHECK(loaded_in(environment, args).value().rpc.auth_key == "token");
}

TEST_CASE("a descriptor that is none is an error, and none of ours is ever read") {
  Environment environment;
  const auto message = [&](const std::string& source) {
    return loaded_in(environment, {"--encrypt-file", source}).error().message;
  };
  CHECK(message("fd:x") == "--encrypt-file: fd:x: a descriptor is written fd:3");
  CHECK(message("fd:-1") == "--encrypt-file: fd:-1: a descriptor is written fd:3");
  CHECK(message("fd:999999") == "--encrypt-file: fd:999999: Bad file descriptor");
  CHECK(message(pipe_with("")).find(": the first line is empty") != std::string::npos);
  REQUIRE(loaded_in(environment, {}).has_value());
  CHECK(message("fd:0") == "--encrypt-file: fd:0: descriptors are read at the start alone");
}

}  // namespace
}  // namespace gossip::config
