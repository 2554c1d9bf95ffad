/*
 * Packets in batches: one call from JavaScript drains every socket of a worker, one call sends a tick's packets.
 * The JavaScript side, `native-packet-io.ts`, owns all memory that packets lie in; this file owns the sockets.
 *
 * A socket has a slot, a small number that JavaScript picks: leg index × 2, and + 1 for RTCP.
 * Functions return 0 or a count, or a negative errno.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <node_api.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Raised with every change of what is exported, so that an old build is not used with new sources; as there. */
#define INTERFACE_VERSION 3
/* Room for one packet; the same number stands in native-packet-io.ts. */
#define PACKET_BYTES 1600
/* Most packets that are taken from one socket before the next has its turn. */
#define BURST 16
/* A packet that is older than a tick (20 ms) has others behind it. */
#define TICK_MS 19.0
/* Packets closer together than this come more than once a tick; so many calls on it is looked for another one. */
#define CLOSE_MS 15.0
#define WATCHFUL_CALLS 50
/* A packet that comes so long after the one before was held up, and those behind it come together with it. */
#define LATE_MS 35.0
/* RTCP is rare and never urgent: its sockets are looked at in every eighth round. */
#define RTCP_EVERY 8
#define MAX_SLOTS 65536
/* Per received packet: slot, length, source port, family: 4 or 6, or 0 for the address that the slot had before. */
#define IN_WORDS 4
/* Per packet to send: slot, offset, length. */
#define OUT_WORDS 3
#define ADDRESS_BYTES 16
/* Sockets on their way from one thread to another at once, and how long one waits to be taken. */
#define MAX_PARKED 256
#define PARKED_MS 3000.0

typedef struct {
  int fd;
  socklen_t to_length;
  struct sockaddr_storage to;
  /* What it is bound to, as it was asked for. */
  struct sockaddr_storage bound;
  /* Address that the last packet came from. */
  uint8_t source[ADDRESS_BYTES];
  int32_t source_family;
  /* When the last packet came, milliseconds; and for how many calls more than one packet is expected in each. */
  double last_at;
  int watchful;
  bool connected;
} port_t;

typedef struct {
  port_t *ports;
  uint32_t capacity;
  /* One more than the highest slot that was ever open. */
  uint32_t used;
  /* A round looks at every slot once, from `next` on; `left` of them are still to come, in as many calls as it takes. */
  uint32_t next;
  uint32_t left;
  uint32_t rounds;
} batch_t;

/*
 * Sockets that a thread has given up and another is about to take, whichever thread loads this file. They stay bound,
 * so what comes meanwhile waits in them and is not lost. One that nobody takes is closed by whoever looks in next.
 */
typedef struct {
  int fd;
  double since;
  struct sockaddr_storage at;
} parked_t;

static pthread_mutex_t parking = PTHREAD_MUTEX_INITIALIZER;
static parked_t parked[MAX_PARKED];
static size_t parked_count = 0;

static double monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void close_abandoned(double now) {
  for (size_t at = parked_count; at-- > 0;) {
    if (now - parked[at].since < PARKED_MS) continue;
    close(parked[at].fd);
    parked[at] = parked[--parked_count];
  }
}

static bool same_address(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  if (one->ss_family != other->ss_family) return false;
  if (one->ss_family == AF_INET6) {
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)one;
    const struct sockaddr_in6 *b = (const struct sockaddr_in6 *)other;
    return a->sin6_port == b->sin6_port && memcmp(&a->sin6_addr, &b->sin6_addr, 16) == 0;
  }
  const struct sockaddr_in *a = (const struct sockaddr_in *)one;
  const struct sockaddr_in *b = (const struct sockaddr_in *)other;
  return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* The parked socket that is bound to this address, or -1. */
static int take_parked(const struct sockaddr_storage *bound) {
  int fd = -1;
  pthread_mutex_lock(&parking);
  close_abandoned(monotonic_ms());
  for (size_t at = 0; at < parked_count && fd < 0; at++) {
    if (!same_address(&parked[at].at, bound)) continue;
    fd = parked[at].fd;
    parked[at] = parked[--parked_count];
  }
  pthread_mutex_unlock(&parking);
  return fd;
}

static void free_batch(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  batch_t *batch = data;
  for (uint32_t slot = 0; slot < batch->capacity; slot++)
    if (batch->ports[slot].fd >= 0) close(batch->ports[slot].fd);
  free(batch->ports);
  free(batch);
}

/* Arguments as they were given, and this thread's sockets. Null after a JavaScript error was thrown. */
static batch_t *arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  void *batch = NULL;
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) != napi_ok || given < count ||
      napi_get_instance_data(env, &batch) != napi_ok || batch == NULL) {
    napi_throw_type_error(env, NULL, "packet_batch: too few arguments");
    return NULL;
  }
  return batch;
}

static napi_value number(napi_env env, int32_t value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static port_t *port_of(batch_t *batch, uint32_t slot) {
  return slot < batch->capacity && batch->ports[slot].fd >= 0 ? &batch->ports[slot] : NULL;
}

static bool grow(batch_t *batch, uint32_t slot) {
  if (slot < batch->capacity) return true;
  if (slot >= MAX_SLOTS) return false;
  uint32_t capacity = batch->capacity;
  while (capacity <= slot) capacity *= 2;
  port_t *ports = realloc(batch->ports, capacity * sizeof(port_t));
  if (ports == NULL) return false;
  for (uint32_t at = batch->capacity; at < capacity; at++) ports[at].fd = -1;
  batch->ports = ports;
  batch->capacity = capacity;
  return true;
}

/* A literal address and a port as the kernel wants them; 0 when it is neither IPv4 nor IPv6. */
static socklen_t socket_address(const char *host, uint32_t port, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  struct sockaddr_in *v4 = (struct sockaddr_in *)out;
  if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons((uint16_t)port);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
  if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons((uint16_t)port);
    return sizeof *v6;
  }
  return 0;
}

static bool read_address(napi_env env, napi_value host, napi_value port,
                         struct sockaddr_storage *out, socklen_t *length) {
  char text[INET6_ADDRSTRLEN + 1];
  size_t text_length = 0;
  uint32_t port_number = 0;
  if (napi_get_value_string_utf8(env, host, text, sizeof text, &text_length) != napi_ok) return false;
  if (napi_get_value_uint32(env, port, &port_number) != napi_ok || port_number > 65535) return false;
  *length = socket_address(text, port_number, out);
  return *length > 0;
}

static int bind_socket(const struct sockaddr_storage *at, socklen_t length, int receive_buffer) {
  int fd = socket(at->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (at->ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, (const struct sockaddr *)at, length) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

/*
 * open(slot, host, port, receiveBufferBytes, parked): binds a socket. With parked 1 it takes the one that `park` has
 * left bound there, if there is one; with 0 that one is closed and what waits in it is dropped.
 */
static napi_value open_port(napi_env env, napi_callback_info info) {
  napi_value values[5];
  batch_t *batch = arguments(env, info, 5, values);
  if (batch == NULL) return NULL;
  uint32_t slot = 0;
  uint32_t from_parked = 0;
  int32_t receive_buffer = 0;
  struct sockaddr_storage at;
  socklen_t length = 0;
  if (napi_get_value_uint32(env, values[0], &slot) != napi_ok ||
      napi_get_value_int32(env, values[3], &receive_buffer) != napi_ok ||
      napi_get_value_uint32(env, values[4], &from_parked) != napi_ok ||
      !read_address(env, values[1], values[2], &at, &length))
    return number(env, -EINVAL);
  if (!grow(batch, slot)) return number(env, -ENOMEM);
  if (batch->ports[slot].fd >= 0) return number(env, -EBUSY);
  int fd = take_parked(&at);
  if (fd >= 0 && from_parked == 0) {
    close(fd);
    fd = -1;
  }
  if (fd < 0) fd = bind_socket(&at, length, receive_buffer);
  if (fd < 0) return number(env, fd);
  if (slot >= batch->used) batch->used = slot + 1;
  batch->ports[slot] = (port_t){.fd = fd, .to_length = 0, .bound = at};
  /* A socket that was taken over may still be connected; its new owner says anew whom it listens to. */
  struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  if (from_parked == 1) connect(fd, &nobody, sizeof nobody);
  return number(env, 0);
}

/* close(slot): frees the port before it returns. */
static napi_value close_port(napi_env env, napi_callback_info info) {
  napi_value values[1];
  batch_t *batch = arguments(env, info, 1, values);
  if (batch == NULL) return NULL;
  uint32_t slot = 0;
  port_t *port = napi_get_value_uint32(env, values[0], &slot) == napi_ok ? port_of(batch, slot) : NULL;
  if (port == NULL) return number(env, -EBADF);
  close(port->fd);
  port->fd = -1;
  return number(env, 0);
}

/*
 * park(slot): gives the socket up without closing it, for `open` in any thread of this process. It hears only who it
 * heard before, but forgets where its packets went.
 */
static napi_value park(napi_env env, napi_callback_info info) {
  napi_value values[1];
  batch_t *batch = arguments(env, info, 1, values);
  if (batch == NULL) return NULL;
  uint32_t slot = 0;
  port_t *port = napi_get_value_uint32(env, values[0], &slot) == napi_ok ? port_of(batch, slot) : NULL;
  if (port == NULL) return number(env, -EBADF);
  parked_t waiting = {.fd = port->fd, .since = monotonic_ms()};
  port->fd = -1;
  memcpy(&waiting.at, &port->bound, sizeof waiting.at);
  pthread_mutex_lock(&parking);
  close_abandoned(waiting.since);
  bool full = parked_count == MAX_PARKED;
  if (!full) parked[parked_count++] = waiting;
  pthread_mutex_unlock(&parking);
  if (full) close(waiting.fd);
  return number(env, full ? -ENOBUFS : 0);
}

/* direct(slot, host, port): where packets of this slot go. Port 0: nowhere. */
static napi_value direct(napi_env env, napi_callback_info info) {
  napi_value values[3];
  batch_t *batch = arguments(env, info, 3, values);
  if (batch == NULL) return NULL;
  uint32_t slot = 0;
  port_t *port = napi_get_value_uint32(env, values[0], &slot) == napi_ok ? port_of(batch, slot) : NULL;
  if (port == NULL) return number(env, -EBADF);
  uint32_t port_number = 0;
  port->to_length = 0;
  if (napi_get_value_uint32(env, values[2], &port_number) != napi_ok || port_number == 0)
    return number(env, 0);
  socklen_t length = 0;
  if (!read_address(env, values[1], values[2], &port->to, &length)) return number(env, -EINVAL);
  port->to_length = length;
  return number(env, 0);
}

/*
 * connect(slot, mode): 1 lets the socket hear only where its packets go, which spares the kernel looking the way up
 * for each; 0 lets it hear everybody.
 */
static napi_value connect_port(napi_env env, napi_callback_info info) {
  napi_value values[2];
  batch_t *batch = arguments(env, info, 2, values);
  if (batch == NULL) return NULL;
  uint32_t slot = 0;
  uint32_t mode = 0;
  port_t *port = napi_get_value_uint32(env, values[0], &slot) == napi_ok ? port_of(batch, slot) : NULL;
  if (port == NULL || napi_get_value_uint32(env, values[1], &mode) != napi_ok) return number(env, -EBADF);
  struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  if (port->connected) connect(port->fd, &nobody, sizeof nobody);
  port->connected = false;
  if (mode == 0 || port->to_length == 0) return number(env, 0);
  if (connect(port->fd, (const struct sockaddr *)&port->to, port->to_length) < 0) return number(env, -errno);
  port->connected = true;
  return number(env, 0);
}

/* Memory of a typed array of at least `items` items; null when it is another kind or too small. */
static void *typed(napi_env env, napi_value value, napi_typedarray_type wanted, size_t items) {
  napi_typedarray_type type;
  size_t length = 0;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  return type == wanted && length >= items ? data : NULL;
}

static double milliseconds(const struct timespec *time) {
  return (double)time->tv_sec * 1e3 + (double)time->tv_nsec / 1e6;
}

/* When the kernel got a packet; `otherwise` when it did not say. */
static double arrival(struct msghdr *header, double otherwise) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL; part = CMSG_NXTHDR(header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec at;
    memcpy(&at, CMSG_DATA(part), sizeof at);
    return milliseconds(&at);
  }
  return otherwise;
}

/* Writes source port and family, and the address where it differs from the one before. */
static void describe_source(port_t *port, const struct sockaddr_storage *from, int32_t *word,
                            uint8_t *address) {
  const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
  bool is_v6 = from->ss_family == AF_INET6;
  const void *source = is_v6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr;
  size_t length = is_v6 ? 16 : 4;
  int32_t family = is_v6 ? 6 : 4;
  word[2] = ntohs(is_v6 ? v6->sin6_port : v4->sin_port);
  word[3] = 0;
  if (port->source_family == family && memcmp(port->source, source, length) == 0) return;
  word[3] = family;
  port->source_family = family;
  memcpy(port->source, source, length);
  memcpy(address, source, length);
}

typedef struct {
  uint8_t *bytes;
  int32_t *words;
  uint8_t *addresses;
  double *ages;
  uint32_t packets;
  uint32_t count;
  double now;
} inbox_t;

/*
 * Takes what waits at one socket. Asking a socket that is empty costs a system call, so at the usual packet every
 * 20 ms one is taken and the next left for the next tick; peers that send more often, or in bursts, are read until
 * nothing is left. What is left behind by mistake is older than a tick at the next look, and not left again.
 * An error is one that a peer caused (ICMP): it is taken off the socket by being told, and means nothing.
 */
static void receive_from(port_t *port, uint32_t slot, inbox_t *inbox) {
  bool watchful = port->watchful > 0;
  if (watchful) port->watchful--;
  for (int turn = 0; turn < BURST && inbox->count < inbox->packets; turn++) {
    size_t at = inbox->count;
    struct sockaddr_storage from;
    /* Aligned like a header, as the macros that read it expect. */
    union {
      struct cmsghdr header;
      char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec part = {.iov_base = inbox->bytes + at * PACKET_BYTES, .iov_len = PACKET_BYTES};
    struct msghdr header = {.msg_name = &from,
                            .msg_namelen = sizeof from,
                            .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control};
    ssize_t length = recvmsg(port->fd, &header, MSG_DONTWAIT);
    if (length < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      continue;
    }
    int32_t *word = inbox->words + at * IN_WORDS;
    word[0] = (int32_t)slot;
    /* What was cut off is no packet of ours: length 0 makes it one that is refused. */
    word[1] = header.msg_flags & MSG_TRUNC ? 0 : (int32_t)length;
    describe_source(port, &from, word, inbox->addresses + at * ADDRESS_BYTES);
    double came = arrival(&header, inbox->now);
    double age = inbox->now - came;
    /* A wall clock that was set makes nonsense of it. */
    inbox->ages[at] = age > 0 && age < 1000 ? age : 0;
    inbox->count++;
    double gap = came - port->last_at;
    port->last_at = came;
    if (gap < CLOSE_MS) port->watchful = WATCHFUL_CALLS;
    if (age < TICK_MS && gap < LATE_MS && !watchful && port->watchful == 0) return;
  }
}

/* Goes on with the round until every slot had its turn or the inbox is full. */
static void receive_round(batch_t *batch, inbox_t *inbox) {
  bool with_rtcp = batch->rounds % RTCP_EVERY == 0;
  while (batch->left > 0 && inbox->count < inbox->packets) {
    uint32_t slot = batch->next;
    if (batch->ports[slot].fd >= 0 && (with_rtcp || slot % 2 == 0)) {
      receive_from(&batch->ports[slot], slot, inbox);
      /* Cut off by the inbox, not by its own end: it goes on in the next call. */
      if (inbox->count == inbox->packets && inbox->packets > BURST) return;
    }
    batch->next = slot + 1 < batch->used ? slot + 1 : 0;
    batch->left--;
  }
}

/*
 * receive(bytes, words, addresses, ages, packets, begin): takes what has come, at most `packets`, and returns how many.
 *   bytes      Uint8Array, packet n at n × 1600      words  Int32Array, 4 each: slot, length, source port, family
 *   addresses  Uint8Array, 16 each, network order    ages   Float64Array, milliseconds since arrival
 *   begin      1 for a new round through the sockets, 0 to go on with the one that has filled the arrays
 * Every socket is read, without asking first which ones have something: at telephone rates nearly all have. A new round
 * begins where the last one ended, so that a flood at some sockets does not keep the others from being read.
 */
static napi_value receive(napi_env env, napi_callback_info info) {
  napi_value values[6];
  batch_t *batch = arguments(env, info, 6, values);
  if (batch == NULL) return NULL;
  inbox_t inbox = {.count = 0};
  uint32_t begin = 0;
  napi_get_value_uint32(env, values[4], &inbox.packets);
  napi_get_value_uint32(env, values[5], &begin);
  inbox.bytes = typed(env, values[0], napi_uint8_array, (size_t)inbox.packets * PACKET_BYTES);
  inbox.words = typed(env, values[1], napi_int32_array, (size_t)inbox.packets * IN_WORDS);
  inbox.addresses = typed(env, values[2], napi_uint8_array, (size_t)inbox.packets * ADDRESS_BYTES);
  inbox.ages = typed(env, values[3], napi_float64_array, inbox.packets);
  if (inbox.bytes == NULL || inbox.words == NULL || inbox.addresses == NULL || inbox.ages == NULL)
    return number(env, -EINVAL);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  inbox.now = milliseconds(&now);
  if (begin == 1) {
    batch->left = batch->used;
    batch->rounds++;
  }
  receive_round(batch, &inbox);
  return number(env, (int32_t)inbox.count);
}

/* send(bytes, words, packets): sends packets. words: Int32Array, 3 each: slot, offset into bytes, length. */
static napi_value send_packets(napi_env env, napi_callback_info info) {
  napi_value values[3];
  batch_t *batch = arguments(env, info, 3, values);
  if (batch == NULL) return NULL;
  uint32_t packets = 0;
  napi_get_value_uint32(env, values[2], &packets);
  int32_t *words = typed(env, values[1], napi_int32_array, (size_t)packets * OUT_WORDS);
  napi_typedarray_type type;
  size_t size = 0;
  void *data = NULL;
  if (words == NULL ||
      napi_get_typedarray_info(env, values[0], &type, &size, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array)
    return number(env, -EINVAL);
  const uint8_t *bytes = data;
  int32_t sent = 0;
  for (uint32_t at = 0; at < packets; at++) {
    const int32_t *word = words + (size_t)at * OUT_WORDS;
    port_t *port = port_of(batch, (uint32_t)word[0]);
    size_t offset = (size_t)(uint32_t)word[1];
    size_t length = (size_t)(uint32_t)word[2];
    if (port == NULL || port->to_length == 0 || offset > size || length > size - offset) continue;
    const struct sockaddr *to = port->connected ? NULL : (const struct sockaddr *)&port->to;
    socklen_t to_length = port->connected ? 0 : port->to_length;
    if (sendto(port->fd, bytes + offset, length, MSG_DONTWAIT | MSG_NOSIGNAL, to, to_length) >= 0) sent++;
  }
  return number(env, sent);
}

NAPI_MODULE_INIT() {
  batch_t *batch = calloc(1, sizeof *batch);
  if (batch == NULL) return NULL;
  batch->capacity = 256;
  batch->ports = malloc(batch->capacity * sizeof(port_t));
  if (batch->ports == NULL) {
    free(batch);
    napi_throw_error(env, NULL, "packet_batch: no memory");
    return NULL;
  }
  for (uint32_t slot = 0; slot < batch->capacity; slot++) batch->ports[slot].fd = -1;
  napi_set_instance_data(env, batch, free_batch, NULL);
  const napi_property_descriptor functions[] = {
      {"open", NULL, open_port, NULL, NULL, NULL, napi_enumerable, NULL},
      {"park", NULL, park, NULL, NULL, NULL, napi_enumerable, NULL},
      {"close", NULL, close_port, NULL, NULL, NULL, napi_enumerable, NULL},
      {"direct", NULL, direct, NULL, NULL, NULL, napi_enumerable, NULL},
      {"connect", NULL, connect_port, NULL, NULL, NULL, napi_enumerable, NULL},
      {"receive", NULL, receive, NULL, NULL, NULL, napi_enumerable, NULL},
      {"send", NULL, send_packets, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  napi_set_named_property(env, exports, "interfaceVersion", number(env, INTERFACE_VERSION));
  return exports;
}
