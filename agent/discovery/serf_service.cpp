#include "agent/discovery/serf_service.h"

#include <algorithm>
#include <variant>

namespace gossip::agent::discovery {
namespace {

bool is_class(std::uint16_t klass) {
  const std::uint16_t plain = klass & static_cast<std::uint16_t>(~kDnsClassTopBit);
  return plain == kDnsClassIn || plain == static_cast<std::uint16_t>(DnsType::Any);
}

DnsRecord record(const DnsName& name, DnsType type, decltype(DnsRecord::data) data) {
  return {name, type, kDnsClassIn, kMdnsTtlSeconds, std::move(data)};
}

// Answers and additional records, which avahi uses for addresses; those that say goodbye left out.
std::vector<const DnsRecord*> living(const DnsMessage& response) {
  std::vector<const DnsRecord*> records;
  for (const auto* section : {&response.answers, &response.additional}) {
    for (const DnsRecord& record : *section) {
      if (record.ttl > 0 && is_class(record.klass)) records.push_back(&record);
    }
  }
  return records;
}

void add_addresses(const std::vector<const DnsRecord*>& records, const DnsService& service,
                   std::vector<Address>& found) {
  for (const DnsRecord* record : records) {
    const auto* ip = std::get_if<IpAddress>(&record->data);
    if (ip == nullptr || record->name != service.target) continue;
    const Address address{*ip, service.port};
    if (found.size() < kMaxFoundAddresses &&
        std::find(found.begin(), found.end(), address) == found.end()) {
      found.push_back(address);
    }
  }
}

}  // namespace

SerfService::SerfService(const Announcement& announcement)
    : enumeration_(DnsName::of("_services._dns-sd._udp.local")),
      service_(DnsName::of("_serf_" + announcement.cluster + "._tcp.local")),
      instance_(service_.below(announcement.node)),
      host_(DnsName::of(is_dns_name(announcement.host) ? announcement.host : "gossipd")),
      text_("Serf '" + announcement.cluster + "' cluster"),
      address_{announcement.address.ip.shortest(), announcement.address.port} {}

DnsMessage SerfService::question() const {
  DnsMessage message;
  message.questions.push_back({service_, DnsType::Ptr, kDnsClassIn});
  return message;
}

void SerfService::want(const DnsQuestion& question, Wanted& wanted) const {
  if (!is_class(question.klass)) return;
  const bool any = question.type == DnsType::Any;
  const bool address = question.type == DnsType::A || question.type == DnsType::Aaaa;
  if (question.name == enumeration_) {
    wanted.enumeration |= any || question.type == DnsType::Ptr;
  } else if (question.name == service_ && (any || question.type == DnsType::Ptr)) {
    wanted.pointer = wanted.service = wanted.address = wanted.text = true;
  } else if (question.name == instance_) {
    const bool service = any || question.type == DnsType::Srv;
    wanted.service |= service;
    wanted.address |= service || address;
    wanted.text |= any || question.type == DnsType::Txt;
  } else if (question.name == host_) {
    wanted.address |= address;
  }
}

std::optional<DnsMessage> SerfService::answer_to(const DnsMessage& query) const {
  Wanted wanted;
  for (const DnsQuestion& question : query.questions)
    want(question, wanted);
  DnsMessage answer;
  answer.flags = kDnsResponse | kDnsAuthoritative;
  std::vector<DnsRecord>& records = answer.answers;
  if (wanted.enumeration) {
    records.push_back(record(enumeration_, DnsType::Ptr, DnsPointer{service_}));
  }
  if (wanted.pointer) records.push_back(record(service_, DnsType::Ptr, DnsPointer{instance_}));
  if (wanted.service) {
    records.push_back(
        record(instance_, DnsType::Srv, DnsService{10, 1, address_.port, host_}));  // as Serf's
  }
  if (wanted.address) {
    const DnsType type = address_.ip.is_v4() ? DnsType::A : DnsType::Aaaa;
    records.push_back(record(host_, type, address_.ip));
  }
  if (wanted.text) records.push_back(record(instance_, DnsType::Txt, DnsTexts{{text_}}));
  if (records.empty()) return std::nullopt;
  return answer;
}

std::vector<Address> SerfService::found_in(const DnsMessage& response) const {
  const std::vector<const DnsRecord*> records = living(response);
  std::vector<Address> found;
  for (const DnsRecord* pointer : records) {
    const auto* instance = std::get_if<DnsPointer>(&pointer->data);
    if (instance == nullptr || pointer->name != service_) continue;
    for (const DnsRecord* candidate : records) {
      const auto* service = std::get_if<DnsService>(&candidate->data);
      if (service == nullptr || candidate->name != instance->target) continue;
      add_addresses(records, *service, found);
      if (found.size() == kMaxFoundAddresses) return found;
    }
  }
  return found;
}

}  // namespace gossip::agent::discovery
