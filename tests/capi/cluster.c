/* gossip/gossip.h as a C program uses it: two nodes on 127.64.x.y find each other, talk, and part. */
#include <unistd.h>

#include <gossip/gossip.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

enum { LIMIT_S = 60 }; /* only ends a test that would hang */

static int same(gossip_bytes bytes, const char* words) {
  return bytes.length == strlen(words) && memcmp(bytes.data, words, bytes.length) == 0;
}

/* What one node's handler has heard, a word for each call. */
typedef struct diary {
  pthread_mutex_t lock;
  pthread_cond_t news;
  char words[64][64];
  size_t count;
  uint64_t open_query;
  gossip_node* free_at_event;
} diary;

static void note(diary* to, const char* what, gossip_bytes detail) {
  pthread_mutex_lock(&to->lock);
  CHECK(to->count < 64);
  snprintf(to->words[to->count++], sizeof to->words[0], "%s %.*s", what, (int)detail.length,
           (const char*)detail.data);
  pthread_cond_broadcast(&to->news);
  pthread_mutex_unlock(&to->lock);
}

/* Waits until `words` was noted. */
static void expect(diary* in, const char* words) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += LIMIT_S;
  pthread_mutex_lock(&in->lock);
  for (size_t seen = 0;; ++seen) {
    while (seen == in->count) {
      if (pthread_cond_timedwait(&in->news, &in->lock, &until) != 0) {
        fprintf(stderr, "never heard \"%s\", but:\n", words);
        for (size_t i = 0; i < in->count; ++i)
          fprintf(stderr, "  %s\n", in->words[i]);
        exit(1);
      }
    }
    if (strcmp(in->words[seen], words) == 0) break;
  }
  pthread_mutex_unlock(&in->lock);
}

static void joined(void* context, const gossip_member* member) {
  CHECK(member->status == GOSSIP_ALIVE && member->port != 0);
  CHECK(memcmp(member->address.data, "127.64.", 7) == 0);
  note(context, "join", member->name);
}

static void left(void* context, const gossip_member* member, gossip_leave_reason reason) {
  note(context, reason == GOSSIP_MEMBER_LEFT ? "left" : "failed", member->name);
}

static void updated(void* context, const gossip_member* member) {
  CHECK(member->tag_count == 2 && same(member->tags[0].key, "role"));
  CHECK(same(member->tags[1].key, "zone"));
  note(context, "update", member->tags[1].value);
}

static void heard(void* context, const gossip_user_event* event) {
  diary* own = context;
  CHECK(same(event->name, "deploy") && event->lamport_time > 0);
  note(own, "event", event->payload);
  if (own->free_at_event != NULL) {
    gossip_node_free(own->free_at_event);
    note(own, "freed", event->name);
  }
}

static void asked(void* context, const gossip_query* query, gossip_answer* answer) {
  diary* own = context;
  CHECK(query->token != 0 && query->answer_by > 0 && same(query->asker, "a"));
  if (same(query->name, "echo")) CHECK(gossip_answer_now(answer, query->payload) == GOSSIP_OK);
  if (same(query->name, "later")) {
    own->open_query = query->token;
    gossip_answer_later(answer);
  }
  note(own, "query", query->name);
}

static void replied(void* context, const gossip_query_reply* reply) {
  if (!reply->is_ack) note(context, "answer", reply->payload);
}

static void over(void* context, const gossip_query_done* done) {
  char words[64];
  snprintf(words, sizeof words, "%" PRIu32 " of %" PRIu32 ", %" PRIu32 " declined, %zu silent",
           done->answered, done->asked, done->declined, done->silent_count);
  note(context, "over", text(words));
}

static void keys(void* context, const gossip_key_result* result) {
  CHECK(result->error_count == 0 && result->key_count == 1 && result->silent_count == 0);
  CHECK(result->keys[0].members == 2 && result->keys[0].primary == 2);
  note(context, "key", result->keys[0].key);
}

typedef struct member {
  diary diary;
  gossip_node* node;
  char address[32];
} member;

static gossip_config* config_of(const char* name, int host, char address[32]) {
  static const uint8_t key[16] = {1};
  const gossip_bytes key_bytes = {key, sizeof key};
  gossip_config* config = gossip_config_new();
  snprintf(address, 32, "127.64.%d.%d:7946", getpid() % 250 + 1, host);
  CHECK(config != NULL);
  CHECK(gossip_config_set_text(config, "node_name", text(name)) == GOSSIP_OK);
  CHECK(gossip_config_set_text(config, "bind_addr", text(address)) == GOSSIP_OK);
  CHECK(gossip_config_set_text(config, "profile", text("local")) == GOSSIP_OK);
  CHECK(gossip_config_set_number(config, "probe_interval", 200) == GOSSIP_OK);
  CHECK(gossip_config_set_tag(config, text("role"), text("c")) == GOSSIP_OK);
  CHECK(gossip_config_add_key(config, key_bytes) == GOSSIP_OK);
  return config;
}

static void start(member* own, const char* name, int host, const char* seed) {
  gossip_config* config = config_of(name, host, own->address);
  if (seed != NULL) CHECK(gossip_config_add_join(config, text(seed)) == GOSSIP_OK);
  memset(&own->diary, 0, sizeof own->diary);
  pthread_mutex_init(&own->diary.lock, NULL);
  pthread_cond_init(&own->diary.news, NULL);
  const gossip_handler handler = {.size = sizeof handler,
                                  .context = &own->diary,
                                  .member_join = joined,
                                  .member_leave = left,
                                  .member_update = updated,
                                  .user_event = heard,
                                  .query = asked};
  CHECK(gossip_node_create(config, &handler, &own->node) == GOSSIP_OK);
  gossip_config_free(config);
  CHECK(gossip_node_start(own->node) == GOSSIP_OK);
}

static void refuse_what_cannot_be(void) {
  gossip_node* node = NULL;
  gossip_config* config = gossip_config_new();
  CHECK(gossip_config_set_text(config, "colour", text("red")) == GOSSIP_INVALID_ARGUMENT);
  CHECK(strstr(gossip_last_error(), "\"colour\"") != NULL);
  CHECK(gossip_config_set_text(config, "profile", text("lunar")) == GOSSIP_INVALID_ARGUMENT);
  CHECK(gossip_config_set_number(config, "node_name", 1) == GOSSIP_INVALID_ARGUMENT);
  CHECK(gossip_config_set_number(config, "protocol", 300) == GOSSIP_TOO_LARGE);
  CHECK(gossip_config_set_number(config, "compression", 2) == GOSSIP_TOO_LARGE);
  CHECK(gossip_config_set_number(config, "tcp_timeout", UINT64_MAX) == GOSSIP_TOO_LARGE);
  CHECK(gossip_config_add_key(config, text("short")) == GOSSIP_OK);
  CHECK(gossip_node_create(config, NULL, &node) == GOSSIP_INVALID_ARGUMENT && node == NULL);
  CHECK(strstr(gossip_last_error(), "16, 24 or 32") != NULL);
  gossip_config_free(config);
  gossip_config_free(NULL);
  gossip_node_free(NULL);
  gossip_members_free(NULL);
}

static void look_at_members(const member* a, const member* b) {
  gossip_members* members = NULL;
  CHECK(gossip_node_members(a->node, &members) == GOSSIP_OK);
  CHECK(gossip_members_count(members) == 2 && gossip_members_at(members, 2) == NULL);
  CHECK(same(gossip_members_at(members, 0)->name, "a"));
  CHECK(same(gossip_members_at(members, 1)->name, "b"));
  CHECK(same(gossip_members_at(members, 1)->tags[0].value, "c"));
  gossip_members_free(members);
  CHECK(gossip_node_local_member(b->node, &members) == GOSSIP_OK);
  CHECK(gossip_members_count(members) == 1 && same(gossip_members_at(members, 0)->name, "b"));
  gossip_members_free(members);
}

static void ask(member* a, member* b, const char* name, const char* payload) {
  uint64_t token = 0;
  const gossip_bytes only = text("b");
  const gossip_query_params params = {.size = sizeof params,
                                      .name = text(name),
                                      .payload = text(payload),
                                      .nodes = &only,
                                      .node_count = 1,
                                      .timeout_ms = 30000,
                                      .want_acks = 1};
  CHECK(gossip_node_query(a->node, &params, replied, over, &a->diary, &token) == GOSSIP_OK);
  CHECK(token != 0);
  if (strcmp(name, "later") != 0) return;
  expect(&b->diary, "query later");
  CHECK(gossip_node_respond(b->node, b->diary.open_query, text("at last")) == GOSSIP_OK);
  CHECK(gossip_node_respond(b->node, b->diary.open_query, text("again")) == GOSSIP_WRONG_STATE);
}

static void talk(member* a, member* b) {
  const gossip_tag tags[] = {{text("role"), text("c")}, {text("zone"), text("north")}};
  const gossip_bytes nowhere = text("127.64.0.1:1");
  size_t count = 7;
  double seconds = 0;
  CHECK(gossip_node_set_tags(b->node, tags, 2) == GOSSIP_OK);
  expect(&a->diary, "update north");
  ask(a, b, "echo", "hello");
  expect(&a->diary, "answer hello");
  expect(&a->diary, "over 1 of 1, 0 declined, 0 silent");
  ask(a, b, "later", "");
  expect(&a->diary, "answer at last");
  ask(a, b, "unknown", "");
  expect(&a->diary, "over 0 of 1, 1 declined, 0 silent");
  CHECK(gossip_node_change_keys(a->node, GOSSIP_KEYS_LIST, text(""), keys, &a->diary) == GOSSIP_OK);
  expect(&a->diary, "key AQAAAAAAAAAAAAAAAAAAAA==");
  CHECK(gossip_node_change_keys(a->node, GOSSIP_KEYS_USE, text("x"), keys, &a->diary) ==
        GOSSIP_INVALID_ARGUMENT);
  CHECK(gossip_node_join(a->node, &nowhere, 1, &count) == GOSSIP_UNREACHABLE && count == 0);
  CHECK(gossip_node_round_trip(a->node, text("nobody"), &seconds) == GOSSIP_NOT_FOUND);
  CHECK(gossip_node_send_event(a->node, text("deploy"), text("42"), 1) == GOSSIP_OK);
  expect(&b->diary, "event 42");
  expect(&a->diary, "event 42");
}

int main(void) {
  static member a;
  static member b;
  static member c;
  refuse_what_cannot_be();
  start(&a, "a", 1, NULL);
  CHECK(gossip_node_start(a.node) == GOSSIP_WRONG_STATE);
  start(&b, "b", 2, a.address);
  expect(&a.diary, "join b");
  expect(&b.diary, "join a");
  look_at_members(&a, &b);
  talk(&a, &b);
  CHECK(gossip_node_leave(b.node) == GOSSIP_OK);
  expect(&a.diary, "left b");
  gossip_node_free(b.node);

  start(&c, "c", 3, a.address); /* frees itself inside a call, without a leave */
  c.diary.free_at_event = c.node;
  CHECK(gossip_node_send_event(a.node, text("deploy"), text("43"), 0) == GOSSIP_OK);
  expect(&c.diary, "freed deploy");
  expect(&a.diary, "failed c");
  CHECK(gossip_node_leave(a.node) == GOSSIP_OK);
  gossip_node_free(a.node);
  puts("all of gossip/gossip.h answered");
  return 0;
}
