/* gossip::Node (gossip/node.h) for C, and through C for every language that can call it: link -lgossip.
 *
 * Text and bytes are pointer and length. What you hand over need not end in a NUL; names, addresses, tags and keys that
 * the library hands out do, and it is not counted; payloads and log lines do not. What is handed to a call of a handler is valid until that call returns. Every function
 * may be called from any thread and from inside a handler's calls, except where it says otherwise.
 * A function that can fail returns a code; gossip_last_error has the sentence that goes with it. */
/* NOLINTBEGIN(modernize-*, readability-identifier-naming): this is C */
#ifndef GOSSIP_GOSSIP_H
#define GOSSIP_GOSSIP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

typedef struct gossip_config gossip_config;
typedef struct gossip_node gossip_node;
typedef struct gossip_members gossip_members;
typedef struct gossip_answer gossip_answer;
struct uv_loop_s;

/* ErrorCode of gossip/error.h, which says when each is meant, and two more. */
typedef enum gossip_code {
  GOSSIP_OK = 0,
  GOSSIP_INVALID_ARGUMENT = 1,
  GOSSIP_TOO_LARGE = 2,
  GOSSIP_NOT_FOUND = 3,
  GOSSIP_ALREADY_DONE = 4,
  GOSSIP_WRONG_STATE = 5,
  GOSSIP_ADDRESS_IN_USE = 6,
  GOSSIP_PERMISSION_DENIED = 7,
  GOSSIP_UNREACHABLE = 8,
  GOSSIP_TIMED_OUT = 9,
  GOSSIP_REFUSED = 10,
  GOSSIP_LIMIT_REACHED = 11,
  GOSSIP_SYSTEM = 12,
  GOSSIP_NO_MEMORY = 13
} gossip_code;

typedef struct gossip_bytes {
  const void* data;
  size_t length;
} gossip_bytes;

typedef struct gossip_tag {
  gossip_bytes key;
  gossip_bytes value;
} gossip_tag;

typedef enum gossip_status {
  GOSSIP_STATUS_NONE = 0,
  GOSSIP_ALIVE = 1,
  GOSSIP_LEAVING = 2,
  GOSSIP_LEFT = 3,
  GOSSIP_FAILED = 4
} gossip_status;

typedef struct gossip_member {
  gossip_bytes name;
  gossip_bytes address; /* "192.0.2.1" or "2001:db8::1" */
  uint16_t port;
  gossip_status status;
  const gossip_tag* tags; /* sorted by key */
  size_t tag_count;
} gossip_member;

/* Of the last call of this thread that failed; "" if none has. Valid until the next one that fails. */
const char* gossip_last_error(void);
/* "0.1.0" */
const char* gossip_version(void);

/* Configuration. ------------------------------------------------------------------------------------------ */

/* Serf's defaults (gossip/config.h). NULL: no memory. One thread at a time. */
gossip_config* gossip_config_new(void);
void gossip_config_free(gossip_config* config);

/* node_name, bind_addr, advertise_addr, keyring_path, label, snapshot_path, as gossip/config.h describes them;
 * profile: lan, wan or local, which sets every period and fan-out. INVALID_ARGUMENT for another key. */
gossip_code gossip_config_set_text(gossip_config* config, const char* key, gossip_bytes value);
/* Switches, 0 or 1: compression, coordinates, replay_on_join, rejoin_after_leave.
 * Counts and sizes: protocol, max_members, event_buffer, max_queue_depth, user_event_size_limit,
 * query_size_limit, query_response_size_limit, indirect_checks, retransmit_mult, suspicion_mult, gossip_nodes.
 * Milliseconds: tcp_timeout, push_pull_interval, probe_interval, probe_timeout, restart_grace, gossip_interval,
 * broadcast_timeout, leave_propagate_delay, reap_interval, reconnect_interval, reconnect_timeout,
 * tombstone_timeout.
 * INVALID_ARGUMENT for another key, TOO_LARGE for a value that its type cannot hold. */
gossip_code gossip_config_set_number(gossip_config* config, const char* key, uint64_t value);
/* A second value of one key replaces the first. */
gossip_code gossip_config_set_tag(gossip_config* config, gossip_bytes key, gossip_bytes value);
/* "host", "host:port", "[v6]:port" or "name/host:port". */
gossip_code gossip_config_add_join(gossip_config* config, gossip_bytes address);
/* 16, 24 or 32 bytes; the first one seals. */
gossip_code gossip_config_add_key(gossip_config* config, gossip_bytes key);

/* The node's calls. --------------------------------------------------------------------------------------- */

typedef enum gossip_leave_reason {
  GOSSIP_MEMBER_LEFT = 0,
  GOSSIP_MEMBER_FAILED = 1
} gossip_leave_reason;

typedef enum gossip_log_level {
  GOSSIP_TRACE = 0,
  GOSSIP_DEBUG = 1,
  GOSSIP_INFO = 2,
  GOSSIP_WARN = 3,
  GOSSIP_ERROR = 4
} gossip_log_level;

typedef struct gossip_user_event {
  uint64_t lamport_time;
  gossip_bytes name;
  gossip_bytes payload;
  int coalesce; /* the sender allows receivers to keep only the newest of a name */
} gossip_user_event;

typedef struct gossip_query {
  uint64_t token; /* for gossip_node_respond and gossip_node_decline */
  uint64_t lamport_time;
  gossip_bytes name;
  gossip_bytes payload;
  gossip_bytes asker;
  int64_t answer_by; /* later is too late: nanoseconds of CLOCK_MONOTONIC */
} gossip_query;

/* MembershipHandler of gossip/node.h: told of every member but ourselves. Any call may be NULL. They come from the
 * loop's thread, one at a time, with `context` first, and must not throw; gossip_node_free may be called there. */
typedef struct gossip_handler {
  size_t size; /* sizeof(gossip_handler), so that later versions can have more calls */
  void* context;
  void (*member_join)(void* context, const gossip_member* member);
  void (*member_leave)(void* context, const gossip_member* member, gossip_leave_reason reason);
  void (*member_update)(void* context, const gossip_member* member);
  void (*user_event)(void* context, const gossip_user_event* event);
  /* Calls gossip_answer_now, or gossip_answer_later, or neither: then no answer will follow. */
  void (*query)(void* context, const gossip_query* query, gossip_answer* answer);
  void (*stopped)(void* context, gossip_code code, const char* message); /* nothing follows */
  void (*log)(void* context, gossip_log_level level, gossip_bytes line);
} gossip_handler;

gossip_code gossip_answer_now(gossip_answer* answer, gossip_bytes payload);
void gossip_answer_later(gossip_answer* answer);

/* The node. ----------------------------------------------------------------------------------------------- */

/* Checks the configuration and touches nothing else: what this host has to say to it, names and addresses to be bound
 * and files, is told by the start. Both are copied; `handler` may be NULL, its context
 * outlives the node. */
gossip_code gossip_node_create(const gossip_config* config, const gossip_handler* handler,
                               gossip_node** node);
/* Without a leave before it, the cluster sees a failure. No call of the handler comes after it. */
void gossip_node_free(gossip_node* node);

/* Binds, runs in a thread of its own, joins. Returns when the join is over. */
gossip_code gossip_node_start(gossip_node* node);
/* The same on a libuv loop of yours: Node::start_on of gossip/node.h has the rules. */
gossip_code gossip_node_start_on(gossip_node* node, struct uv_loop_s* loop);
/* `joined` (may be NULL): of the addresses, how many answered. */
gossip_code gossip_node_join(gossip_node* node, const gossip_bytes* addresses, size_t count,
                             size_t* joined);
/* Tells the cluster, and stops. */
gossip_code gossip_node_leave(gossip_node* node);

/* Every member, ourselves included, sorted by name: a copy, to be freed. */
gossip_code gossip_node_members(const gossip_node* node, gossip_members** members);
/* Ourselves alone, with the real port where 0 was asked for. */
gossip_code gossip_node_local_member(const gossip_node* node, gossip_members** member);
size_t gossip_members_count(const gossip_members* members);
/* NULL beyond the last one; valid as long as `members`. */
const gossip_member* gossip_members_at(const gossip_members* members, size_t index);
void gossip_members_free(gossip_members* members);

/* Replaces all of them; a key's last value counts. */
gossip_code gossip_node_set_tags(gossip_node* node, const gossip_tag* tags, size_t count);
/* How long a packet to `name` and back is expected to take. NOT_FOUND: not known, or not yet. */
gossip_code gossip_node_round_trip(const gossip_node* node, gossip_bytes name, double* seconds);

/* Events, queries, keys. ---------------------------------------------------------------------------------- */

/* To every member, ourselves included. `coalesce`: receivers may keep only the newest of a name. */
gossip_code gossip_node_send_event(gossip_node* node, gossip_bytes name, gossip_bytes payload,
                                   int coalesce);

typedef struct gossip_query_params {
  size_t size; /* sizeof(gossip_query_params) */
  gossip_bytes name;
  gossip_bytes payload;
  const gossip_bytes* nodes; /* only these; none asks all */
  size_t node_count;
  const gossip_tag* tags; /* tag to RE2 pattern; all must match */
  size_t tag_count;
  uint64_t timeout_ms;  /* 0: Serf's formula */
  uint8_t relay_factor; /* 0..5 */
  int want_acks;
  int wait_full_time; /* as Serf; otherwise it ends once each member that was asked has had its say */
} gossip_query_params;

typedef struct gossip_query_reply {
  uint64_t query;
  int is_ack; /* otherwise it is the answer */
  gossip_bytes from;
  gossip_bytes payload;
} gossip_query_reply;

typedef struct gossip_query_done {
  uint64_t query;
  int timed_out;
  uint32_t asked;
  uint32_t answered;
  uint32_t declined;
  const gossip_bytes* silent; /* neither answered nor declined; sorted */
  size_t silent_count;
} gossip_query_done;

typedef void (*gossip_query_replied)(void* context, const gossip_query_reply* reply);
typedef void (*gossip_query_over)(void* context, const gossip_query_done* done);

/* `replied` (may be NULL) for each ack and answer, then `done` (may be NULL) once, both as the handler is called;
 * neither if the node stops before. `token` may be NULL. */
gossip_code gossip_node_query(gossip_node* node, const gossip_query_params* params,
                              gossip_query_replied replied, gossip_query_over done, void* context,
                              uint64_t* token);
/* To a query whose handler called gossip_answer_later. */
gossip_code gossip_node_respond(gossip_node* node, uint64_t query, gossip_bytes payload);
gossip_code gossip_node_decline(gossip_node* node, uint64_t query);

typedef enum gossip_key_action {
  GOSSIP_KEYS_LIST = 0,
  GOSSIP_KEYS_INSTALL = 1,
  GOSSIP_KEYS_USE = 2,
  GOSSIP_KEYS_REMOVE = 3
} gossip_key_action;

typedef struct gossip_key_count {
  gossip_bytes key; /* base64 */
  uint32_t members; /* that have it */
  uint32_t primary; /* of them, those that seal with it */
} gossip_key_count;

/* It went wrong if `error_count` is not 0 or `response_count` is less than `node_count`. */
typedef struct gossip_key_result {
  uint32_t node_count;
  uint32_t response_count;
  uint32_t error_count;
  const gossip_tag* messages; /* member to what it said */
  size_t message_count;
  const gossip_key_count* keys; /* after GOSSIP_KEYS_LIST alone */
  size_t key_count;
  const gossip_bytes* silent;
  size_t silent_count;
} gossip_key_result;

typedef void (*gossip_keys_changed)(void* context, const gossip_key_result* result);

/* Of the whole cluster. `key` is raw, 16, 24 or 32 bytes, and ignored for GOSSIP_KEYS_LIST. */
gossip_code gossip_node_change_keys(gossip_node* node, gossip_key_action action, gossip_bytes key,
                                    gossip_keys_changed done, void* context);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

/* NOLINTEND(modernize-*, readability-identifier-naming) */
#endif
