#include "gossip/node.h"

#include <utility>

#include "runtime/node_shared.h"
#include "wire/tags_codec.h"

namespace gossip {

Expected<Node> Node::create(Config config, MembershipHandler* handler) {
  if (Expected<void> sound = check(config); !sound) return tl::unexpected(sound.error());
  const Expected<Bytes> tags = wire::encode_tags(config.tags, config.protocol);
  if (!tags) return tl::unexpected(tags.error());
  return Node(std::make_unique<Shared>(std::move(config), handler));
}

Node::Node(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}

Node::Node(Node&&) noexcept = default;

Node& Node::operator=(Node&& other) noexcept {
  if (this == &other) return *this;
  if (shared_ != nullptr) Shared::let_go(std::move(shared_));
  shared_ = std::move(other.shared_);
  return *this;
}

Node::~Node() {
  if (shared_ != nullptr) Shared::let_go(std::move(shared_));
}

Expected<void> Node::start() {
  return shared_->start();
}

Expected<void> Node::start_on(uv_loop_s* loop) {
  return shared_->start_on(loop);
}

std::vector<Member> Node::members() const {
  return shared_->members();
}

Member Node::local_member() const {
  return shared_->local_member();
}

Expected<void> Node::set_tags(Tags tags) {
  return shared_->set_tags(std::move(tags));
}

Expected<JoinResult> Node::join(std::span<const std::string> addresses) {
  return shared_->join(addresses);
}

Expected<void> Node::send_event(std::string_view name, ByteView payload, Coalesce coalesce) {
  return shared_->send_event(name, payload, coalesce);
}

Expected<QueryToken> Node::query(QueryParams params, QueryReplied replied, QueryOver done) {
  return shared_->query(std::move(params), std::move(replied), std::move(done));
}

Expected<void> Node::respond(QueryToken query, ByteView payload) {
  return shared_->respond(query, payload);
}

Expected<void> Node::decline(QueryToken query) {
  return shared_->decline(query);
}

Expected<void> Node::change_keys(KeyCommand command, KeysChanged done) {
  return shared_->change_keys(std::move(command), std::move(done));
}

std::optional<Coordinate> Node::coordinate(std::string_view name) const {
  return shared_->coordinate(name);
}

Expected<void> Node::leave() {
  return shared_->leave();
}

}  // namespace gossip
