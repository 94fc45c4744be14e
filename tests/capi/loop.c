/* gossip/gossip.h on a libuv loop of the caller's: a node that starts there, declines a query later, logs, and is
 * stopped by itself. One thread, so nothing here needs a lock. */
#include <unistd.h>

#include <gossip/gossip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "check.h"

/* What one node has told. */
typedef struct told {
  int joins;
  int queries;
  int lines;
  int stops;
  gossip_code why;
  char message[256];
  uint64_t open_query;
  int is_over;
  gossip_query_done done;
} told;

static void joined(void* context, const gossip_member* member) {
  CHECK(member->status == GOSSIP_ALIVE);
  ++((told*)context)->joins;
}

static void asked(void* context, const gossip_query* query, gossip_answer* answer) {
  told* own = context;
  ++own->queries;
  own->open_query = query->token;
  gossip_answer_later(answer);
}

static void logged(void* context, gossip_log_level level, gossip_bytes line) {
  told* own = context;
  CHECK(level >= GOSSIP_TRACE && level <= GOSSIP_ERROR);
  CHECK(line.length > 0 && memchr(line.data, '\n', line.length) == NULL);
  ++own->lines;
}

static void stopped(void* context, gossip_code code, const char* message) {
  told* own = context;
  ++own->stops;
  own->why = code;
  snprintf(own->message, sizeof own->message, "%s", message);
}

static void over(void* context, const gossip_query_done* done) {
  told* own = context;
  own->is_over = 1;
  own->done = *done;
  own->done.silent = NULL;
}

static gossip_node* start_on(uv_loop_t* loop, const char* name, int host, const char* seed,
                             told* to) {
  char address[32];
  gossip_node* node = NULL;
  gossip_config* config = gossip_config_new();
  snprintf(address, sizeof address, "127.67.%d.%d:7946", getpid() % 250 + 1, host);
  memset(to, 0, sizeof *to);
  CHECK(gossip_config_set_text(config, "node_name", text(name)) == GOSSIP_OK);
  CHECK(gossip_config_set_text(config, "bind_addr", text(address)) == GOSSIP_OK);
  CHECK(gossip_config_set_text(config, "profile", text("local")) == GOSSIP_OK);
  if (seed != NULL) CHECK(gossip_config_add_join(config, text(seed)) == GOSSIP_OK);
  const gossip_handler handler = {.size = sizeof handler,
                                  .context = to,
                                  .member_join = joined,
                                  .query = asked,
                                  .stopped = stopped,
                                  .log = logged};
  CHECK(gossip_node_create(config, &handler, &node) == GOSSIP_OK);
  gossip_config_free(config);
  CHECK(gossip_node_start_on(node, loop) == GOSSIP_OK);
  CHECK(gossip_node_start_on(node, loop) == GOSSIP_WRONG_STATE);
  return node;
}

static void ask_and_decline(uv_loop_t* loop, gossip_node* a, told* of_a, gossip_node* b,
                            told* of_b) {
  uint64_t token = 0;
  const gossip_bytes only = text("b");
  const gossip_query_params params = {.size = sizeof params,
                                      .name = text("later"),
                                      .payload = text(""),
                                      .nodes = &only,
                                      .node_count = 1,
                                      .timeout_ms = 60000,
                                      .want_acks = 1};
  CHECK(gossip_node_query(a, &params, NULL, over, of_a, &token) == GOSSIP_OK);
  while (of_b->queries == 0)
    uv_run(loop, UV_RUN_ONCE);
  CHECK(!of_a->is_over);
  CHECK(gossip_node_decline(b, of_b->open_query) == GOSSIP_OK);
  while (!of_a->is_over) /* long before the minute that it could take */
    uv_run(loop, UV_RUN_ONCE);
  CHECK(of_a->done.query == token && !of_a->done.timed_out);
  CHECK(of_a->done.asked == 1 && of_a->done.answered == 0 && of_a->done.declined == 1);
  CHECK(of_a->done.silent_count == 0);
}

int main(void) {
  static told of_a;
  static told of_b;
  static told of_c;
  char seed[32];
  uv_loop_t loop;
  CHECK(uv_loop_init(&loop) == 0);
  gossip_node* a = start_on(&loop, "a", 1, NULL, &of_a);
  snprintf(seed, sizeof seed, "127.67.%d.1:7946", getpid() % 250 + 1);
  gossip_node* b = start_on(&loop, "b", 2, seed, &of_b);
  CHECK(of_a.joins == 0 && of_b.joins == 0); /* nothing runs before the loop does */
  while (of_a.joins == 0 || of_b.joins == 0)
    uv_run(&loop, UV_RUN_ONCE);
  CHECK(of_a.lines > 0 && of_b.lines > 0);
  ask_and_decline(&loop, a, &of_a, b, &of_b);

  /* Nobody listens there: the node stops by itself, and says so once. */
  snprintf(seed, sizeof seed, "127.67.%d.9:1", getpid() % 250 + 1);
  gossip_node* c = start_on(&loop, "c", 3, seed, &of_c);
  while (of_c.stops == 0)
    uv_run(&loop, UV_RUN_ONCE);
  CHECK(of_c.why == GOSSIP_UNREACHABLE && strstr(of_c.message, "nobody could be joined: ") != NULL);
  CHECK(gossip_node_send_event(c, text("x"), text(""), 0) != GOSSIP_OK);

  CHECK(gossip_node_leave(b) == GOSSIP_OK); /* on the loop's thread it returns at once */
  CHECK(gossip_node_leave(a) == GOSSIP_OK);
  uv_run(&loop, UV_RUN_DEFAULT); /* ends, since the nodes let go of everything */
  CHECK(of_a.stops == 0 && of_b.stops == 0 && of_c.stops == 1);
  CHECK(gossip_node_send_event(c, text("x"), text(""), 0) == GOSSIP_UNREACHABLE);
  gossip_node_free(a);
  gossip_node_free(b);
  gossip_node_free(c);
  CHECK(uv_loop_close(&loop) == 0);
  puts("a loop of the caller's was enough");
  return 0;
}
