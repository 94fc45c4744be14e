#include "agent/seeds/gather.h"

#include <doctest/doctest.h>

#include "unit/temporary_folder.h"

namespace gossip::agent::seeds {
namespace {

std::vector<std::string> texts(const SeedAnswer& answer) {
  std::vector<std::string> texts;
  for (const Address& address : answer.addresses)
    texts.push_back(address.to_string());
  return texts;
}

TEST_CASE("a list has blanks or lines between addresses, comments, and each counts once") {
  const SeedAnswer answer =
      answer_of_list(
          "# the first\n10.0.0.1 10.0.0.2:7000\n\n[2001:db8::1]:8  2001:db8::2 #x y\n"
          "db/10.0.0.3 ::ffff:10.0.0.1\t10.0.0.1:7946",
          7946)
          .value();
  CHECK(texts(answer) == std::vector<std::string>{"10.0.0.1:7946", "10.0.0.2:7000",
                                                  "[2001:db8::1]:8", "[2001:db8::2]:7946",
                                                  "10.0.0.3:7946"});
  CHECK(answer.note.empty());
}

TEST_CASE("the agent's own port stands for a missing one") {
  CHECK(texts(answer_of_list("10.0.0.1", 8000).value()) ==
        std::vector<std::string>{"10.0.0.1:8000"});
}

TEST_CASE("a list without addresses, or with what is none, is an error") {
  CHECK(answer_of_list("", 1).error().code == ErrorCode::NotFound);
  CHECK(answer_of_list("# nothing\n \n", 1).error().message == "it names no address");
  CHECK(answer_of_list("10.0.0.1 10.0.0.2:x", 1).error().code == ErrorCode::InvalidArgument);
  CHECK(answer_of_list("10.0.0.1 10.0.0.2:70000", 1).error().message.find("70000") !=
        std::string::npos);
}

TEST_CASE("of ten thousand addresses the first ones count, and that is said") {
  std::string text;
  for (int i = 0; i < 10000; ++i)
    text += "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "\n";
  const SeedAnswer answer = answer_of_list(text, 7946).value();
  CHECK(answer.addresses.size() == kMaxAnswer);
  CHECK(answer.note == "the first 1024 addresses count, 8976 more do not");
}

TEST_CASE("a file is read anew each time; one that is gone, too long or a folder is an error") {
  const TemporaryFolder folder;
  const std::string path = folder.write("seeds", "10.0.0.1\n");
  const config::SeedSpec spec = config::parse_seed("file:" + path).value();
  CHECK(texts(answer_of(spec, 7946).value()) == std::vector<std::string>{"10.0.0.1:7946"});
  static_cast<void>(folder.write("seeds", "10.0.0.2\n"));
  CHECK(texts(answer_of(spec, 7946).value()) == std::vector<std::string>{"10.0.0.2:7946"});
  static_cast<void>(folder.write("seeds", std::string(kMaxListBytes + 1, ' ')));
  CHECK(answer_of(spec, 7946).error().code == ErrorCode::TooLarge);
  const config::SeedSpec gone = config::parse_seed("file:" + path + "-not").value();
  CHECK(answer_of(gone, 7946).error().code == ErrorCode::NotFound);
  const config::SeedSpec directory = config::parse_seed("file:" + folder.path()).value();
  CHECK(answer_of(directory, 7946).error().message.find("Is a directory") != std::string::npos);
}

}  // namespace
}  // namespace gossip::agent::seeds
