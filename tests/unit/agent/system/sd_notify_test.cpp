// What is kept for a service manager that does not listen yet, and whose watchdog is fed.
#include "agent/system/sd_notify.h"

#include <cerrno>

#include <doctest/doctest.h>

#include "unit/agent/notify_socket.h"

namespace gossip::agent {
namespace {

TEST_CASE("a notify socket is a path or an abstract name") {
  CHECK_FALSE(SdNotify::open({}).value().is_heard());
  CHECK(SdNotify::open({"/run/x", "", ""}).value().is_heard());
  CHECK(SdNotify::open({"@x", "", ""}).value().is_heard());
  for (const std::string& bad :
       {std::string("x"), std::string("/"), std::string("vsock:2:1"), std::string(200, '/')})
    CHECK_FALSE(SdNotify::open({bad, "", ""}).has_value());
}

TEST_CASE("where nobody listens nothing is kept, and nothing fails") {
  SdNotify notify = SdNotify::open({}).value();
  CHECK(notify.say("READY=1") == 0);
}

TEST_CASE("who listens later hears the last value of each variable, once") {
  NotifySocket listener;
  SdNotify notify = SdNotify::open({listener.name(), "", ""}).value();
  CHECK(notify.say("READY=1\nSTATUS=one") == ENOENT);
  CHECK(notify.say("STATUSES=x\nSTATUS=two") == ENOENT);
  listener.listen();
  CHECK(notify.say("") == 0);
  CHECK(listener.heard() == "READY=1\nSTATUSES=x\nSTATUS=two");
  CHECK(notify.say("") == 0);
  CHECK(notify.say("WATCHDOG=1") == 0);
  CHECK(listener.heard() == "WATCHDOG=1");
  CHECK(listener.heard().empty());
}

TEST_CASE("a reload that nobody heard ends with READY, though that was not heard before either") {
  NotifySocket listener;
  SdNotify notify = SdNotify::open({listener.name(), "", ""}).value();
  CHECK(notify.say("READY=1") == ENOENT);
  CHECK(notify.say("RELOADING=1\nMONOTONIC_USEC=1") == ENOENT);
  CHECK(notify.say("READY=1") == ENOENT);
  CHECK(notify.say("RELOADING=1\nMONOTONIC_USEC=2") == ENOENT);
  listener.listen();
  CHECK(notify.say("READY=1") == 0);
  CHECK(listener.heard() == "RELOADING=1\nMONOTONIC_USEC=2\nREADY=1");
}

TEST_CASE("a watchdog counts if it is on and meant for this process") {
  CHECK(watchdog_interval("3000000", "", 7) == std::chrono::seconds(3));
  CHECK(watchdog_interval("3000000", "7", 7) == std::chrono::seconds(3));
  CHECK_FALSE(watchdog_interval("3000000", "8", 7).has_value());
  for (const char* none : {"", "0", "-1", "x", "3s", "18446744073709551615"})
    CHECK_FALSE(watchdog_interval(none, "", 7).has_value());
}

}  // namespace
}  // namespace gossip::agent
