/*
 * UDP ports that all ICE legs of a worker share, in batches: one call from JavaScript drains them, one call sends a
 * tick's packets. Peers are told apart here, so that a packet arrives in JavaScript with the number of its path.
 * The JavaScript side, `native-udp-ports.ts`, owns all memory that packets lie in; this file owns sockets and paths.
 *
 * Functions return 0 or a count or a number, or a negative errno.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Raised with every change of what is exported, so that an old build is not used with new sources; as there. */
#define INTERFACE_VERSION 1
/* Room for one packet, and packets that one call takes in; the same numbers stand in native-udp-ports.ts. */
#define PACKET_BYTES 1600
#define BATCH_PACKETS 512
/* Per received packet: path or -1, length, source port, family (4 or 6). */
#define IN_WORDS 4
/* Per packet to send: path, offset, length. */
#define OUT_WORDS 3
#define ADDRESS_BYTES 16
/* Addresses of one machine that a worker listens on. */
#define MAX_PORTS 32
/* Packets that one system call takes or sends. */
#define CHUNK 64
#define MAX_PATHS 65536
/* Twice as many places as paths at most, so that a search is short; a power of two. */
#define TABLE_PLACES (MAX_PATHS * 2)
#define NO_PATH (-1)
#define LISTEN_BACKLOG 128
/*
 * What the kernel holds for a TCP peer: what is on its way, for a second of round trip (the kernel counts about 2 kB for
 * each small packet), but little that has not been sent yet, as that is audio which gets late: 100 ms of it.
 */
#define TCP_SEND_BYTES 65536
#define TCP_UNSENT_BYTES 1024

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} address_t;

typedef struct {
  address_t peer;
  uint8_t port;
  bool used;
} path_t;

typedef struct {
  int fds[MAX_PORTS];
  uint32_t ports;
  /* Where the next call begins, so that a flood at one port does not keep the others from being read. */
  uint32_t next;
  path_t *paths;
  uint32_t path_count;
  /* Numbers to take again; those from `fresh` on only after the next receive, as packets of them may wait in JavaScript. */
  int32_t *freed;
  uint32_t freed_count;
  uint32_t fresh;
  /* Numbers of paths by the hash of peer and port, open addressing; NO_PATH where there is none. */
  int32_t *table;
  uint32_t seed;
  /* Of the last batch: where its packets came from. */
  address_t from[BATCH_PACKETS];
  uint8_t at_port[BATCH_PACKETS];
  uint32_t count;
} shared_t;

static napi_value number(napi_env env, int32_t value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static double milliseconds(const struct timespec *time) {
  return (double)time->tv_sec * 1e3 + (double)time->tv_nsec / 1e6;
}

static socklen_t length_of(const address_t *address) {
  return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

static bool same_peer(const address_t *one, const address_t *other) {
  if (one->any.sa_family != other->any.sa_family) return false;
  if (one->any.sa_family != AF_INET6)
    return one->v4.sin_port == other->v4.sin_port && one->v4.sin_addr.s_addr == other->v4.sin_addr.s_addr;
  /* Link-local addresses mean something only together with the interface. */
  return one->v6.sin6_port == other->v6.sin6_port && one->v6.sin6_scope_id == other->v6.sin6_scope_id &&
         memcmp(&one->v6.sin6_addr, &other->v6.sin6_addr, 16) == 0;
}

static uint32_t mix(uint32_t hash, uint32_t word) {
  hash ^= word;
  hash *= 0x9e3779b1u;
  return hash ^ (hash >> 15);
}

static uint32_t place_of(const shared_t *shared, const address_t *peer, uint8_t port) {
  uint32_t hash = mix(shared->seed, port);
  if (peer->any.sa_family == AF_INET6) {
    uint32_t words[4];
    memcpy(words, &peer->v6.sin6_addr, sizeof words);
    for (int at = 0; at < 4; at++) hash = mix(hash, words[at]);
    hash = mix(hash, peer->v6.sin6_port);
  } else {
    hash = mix(mix(hash, peer->v4.sin_addr.s_addr), peer->v4.sin_port);
  }
  return hash & (TABLE_PLACES - 1);
}

/* The place of a path in the table, or the empty place where it would be. */
static uint32_t find(const shared_t *shared, const address_t *peer, uint8_t port) {
  uint32_t place = place_of(shared, peer, port);
  while (shared->table[place] != NO_PATH) {
    const path_t *path = &shared->paths[shared->table[place]];
    if (path->port == port && same_peer(&path->peer, peer)) return place;
    place = (place + 1) & (TABLE_PLACES - 1);
  }
  return place;
}

/* Empties a place and moves up what was put behind it since it was taken. */
static void vacate(shared_t *shared, uint32_t hole) {
  uint32_t place = hole;
  for (;;) {
    place = (place + 1) & (TABLE_PLACES - 1);
    int32_t number_there = shared->table[place];
    if (number_there == NO_PATH) break;
    const path_t *path = &shared->paths[number_there];
    uint32_t wanted = place_of(shared, &path->peer, path->port);
    /* It may move when the hole does not lie before the place it wants. */
    if (((place - wanted) & (TABLE_PLACES - 1)) < ((place - hole) & (TABLE_PLACES - 1))) continue;
    shared->table[hole] = number_there;
    hole = place;
  }
  shared->table[hole] = NO_PATH;
}

static void close_all(shared_t *shared) {
  for (uint32_t port = 0; port < shared->ports; port++) close(shared->fds[port]);
  shared->ports = 0;
  shared->count = 0;
  shared->path_count = 0;
  shared->freed_count = 0;
  shared->fresh = 0;
  for (uint32_t place = 0; place < TABLE_PLACES; place++) shared->table[place] = NO_PATH;
}

static void free_shared(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  shared_t *shared = data;
  close_all(shared);
  free(shared->paths);
  free(shared->freed);
  free(shared->table);
  free(shared);
}

/* The thread's ports and the call's arguments; null when there are too few of them. */
static shared_t *arguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *values) {
  size_t count = wanted;
  void *data = NULL;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok || count < wanted) return NULL;
  if (napi_get_instance_data(env, &data) != napi_ok) return NULL;
  return data;
}

static bool read_address(napi_env env, const napi_value *host_and_port, address_t *out) {
  char text[INET6_ADDRSTRLEN + 1];
  size_t text_length = 0;
  uint32_t port = 0;
  memset(out, 0, sizeof *out);
  if (napi_get_value_string_utf8(env, host_and_port[0], text, sizeof text, &text_length) != napi_ok) return false;
  if (napi_get_value_uint32(env, host_and_port[1], &port) != napi_ok || port > 65535) return false;
  if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    return true;
  }
  if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) != 1) return false;
  out->v6.sin6_family = AF_INET6;
  out->v6.sin6_port = htons((uint16_t)port);
  return true;
}

static int new_socket(const address_t *at, int type) {
  int fd = socket(at->any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int on = 1;
  if (at->any.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  return fd;
}

static int closed_with_error(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

/*
 * open(host, port, receiveBufferBytes): binds a UDP port and returns its number here; `info(number, what)` tells of it.
 */
static napi_value open_port(napi_env env, napi_callback_info info) {
  napi_value values[3];
  shared_t *shared = arguments(env, info, 3, values);
  if (shared == NULL) return NULL;
  address_t at;
  int32_t receive_buffer = 0;
  if (!read_address(env, values, &at) || napi_get_value_int32(env, values[2], &receive_buffer) != napi_ok)
    return number(env, -EINVAL);
  if (shared->ports == MAX_PORTS) return number(env, -EMFILE);
  int fd = new_socket(&at, SOCK_DGRAM);
  if (fd < 0) return number(env, fd);
  int on = 1;
  /* Beyond what the system grants to everybody, where this process may. */
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (bind(fd, &at.any, length_of(&at)) < 0) return number(env, closed_with_error(fd));
  shared->fds[shared->ports] = fd;
  return number(env, (int32_t)shared->ports++);
}

/* info(number, what): of an open port: 0 the port that it is bound to, 1 the receive buffer that it was granted. */
static napi_value port_info(napi_env env, napi_callback_info info) {
  napi_value values[2];
  shared_t *shared = arguments(env, info, 2, values);
  if (shared == NULL) return NULL;
  uint32_t port = 0;
  uint32_t what = 0;
  if (napi_get_value_uint32(env, values[0], &port) != napi_ok || port >= shared->ports ||
      napi_get_value_uint32(env, values[1], &what) != napi_ok)
    return number(env, -EBADF);
  if (what == 1) {
    int bytes = 0;
    socklen_t length = sizeof bytes;
    if (getsockopt(shared->fds[port], SOL_SOCKET, SO_RCVBUF, &bytes, &length) < 0) return number(env, -errno);
    /* The kernel counts its own overhead in. */
    return number(env, bytes / 2);
  }
  address_t at;
  socklen_t length = sizeof at;
  if (getsockname(shared->fds[port], &at.any, &length) < 0) return number(env, -errno);
  return number(env, ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port));
}

/* listen(host, port): a listening TCP socket whose connections hold little for slow readers. Returns its descriptor. */
static napi_value listen_tcp(napi_env env, napi_callback_info info) {
  napi_value values[2];
  shared_t *shared = arguments(env, info, 2, values);
  if (shared == NULL) return NULL;
  address_t at;
  if (!read_address(env, values, &at)) return number(env, -EINVAL);
  int fd = new_socket(&at, SOCK_STREAM);
  if (fd < 0) return number(env, fd);
  int on = 1;
  int send_bytes = TCP_SEND_BYTES;
  int unsent_bytes = TCP_UNSENT_BYTES;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  /* Connections inherit these. */
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes);
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
  if (bind(fd, &at.any, length_of(&at)) < 0 || listen(fd, LISTEN_BACKLOG) < 0)
    return number(env, closed_with_error(fd));
  return number(env, fd);
}

/* Memory of a typed array of at least `items` items; null when it is another kind or too small. */
static void *typed(napi_env env, napi_value value, napi_typedarray_type wanted, size_t items) {
  napi_typedarray_type type;
  size_t length = 0;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
  return type == wanted && length >= items ? data : NULL;
}

typedef struct {
  uint8_t *bytes;
  int32_t *words;
  uint8_t *addresses;
  double *ages;
  double now;
} inbox_t;

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

/* Describes packet `at` of the batch, whose source is in `from` already. */
static void describe(shared_t *shared, inbox_t *inbox, uint32_t at, struct mmsghdr *message) {
  const address_t *from = &shared->from[at];
  bool is_v6 = from->any.sa_family == AF_INET6;
  int32_t *word = inbox->words + (size_t)at * IN_WORDS;
  word[0] = shared->table[find(shared, from, shared->at_port[at])];
  /* What was cut off is no packet of ours: length 0 makes it one that is refused. */
  word[1] = message->msg_hdr.msg_flags & MSG_TRUNC ? 0 : (int32_t)message->msg_len;
  word[2] = ntohs(is_v6 ? from->v6.sin6_port : from->v4.sin_port);
  word[3] = is_v6 ? 6 : 4;
  uint8_t *address = inbox->addresses + (size_t)at * ADDRESS_BYTES;
  if (is_v6) memcpy(address, &from->v6.sin6_addr, 16);
  else memcpy(address, &from->v4.sin_addr, 4);
  double age = inbox->now - arrival(&message->msg_hdr, inbox->now);
  /* A wall clock that was set makes nonsense of it. */
  inbox->ages[at] = age > 0 && age < 1000 ? age : 0;
}

/* Takes up to CHUNK packets of one port; returns whether there may be more. */
static bool receive_chunk(shared_t *shared, uint32_t port, inbox_t *inbox) {
  struct mmsghdr messages[CHUNK];
  struct iovec parts[CHUNK];
  /* Aligned like a header, as the macros that read it expect. */
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct timespec))];
  } controls[CHUNK];
  uint32_t room = BATCH_PACKETS - shared->count;
  uint32_t wanted = room < CHUNK ? room : CHUNK;
  for (uint32_t each = 0; each < wanted; each++) {
    uint32_t at = shared->count + each;
    parts[each] = (struct iovec){.iov_base = inbox->bytes + (size_t)at * PACKET_BYTES, .iov_len = PACKET_BYTES};
    messages[each].msg_hdr = (struct msghdr){.msg_name = &shared->from[at],
                                             .msg_namelen = sizeof(address_t),
                                             .msg_iov = &parts[each],
                                             .msg_iovlen = 1,
                                             .msg_control = controls[each].bytes,
                                             .msg_controllen = sizeof controls[each]};
  }
  int got = recvmmsg(shared->fds[port], messages, wanted, MSG_DONTWAIT, NULL);
  /* An error other than that nothing waits is one that a peer caused (ICMP), and is taken off by being told. */
  if (got < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  for (int each = 0; each < got; each++) {
    uint32_t at = shared->count++;
    shared->at_port[at] = (uint8_t)port;
    describe(shared, inbox, at, &messages[each]);
  }
  return (uint32_t)got == wanted;
}

/*
 * receive(bytes, words, addresses, ages): takes what has come, at most BATCH_PACKETS, and returns how many.
 *   bytes      Uint8Array, packet n at n × 1600      words  Int32Array, 4 each: path, length, source port, family
 *   addresses  Uint8Array, 16 each, network order    ages   Float64Array, milliseconds since arrival
 */
static napi_value receive(napi_env env, napi_callback_info info) {
  napi_value values[4];
  shared_t *shared = arguments(env, info, 4, values);
  if (shared == NULL) return NULL;
  inbox_t inbox = {.bytes = typed(env, values[0], napi_uint8_array, (size_t)BATCH_PACKETS * PACKET_BYTES),
                   .words = typed(env, values[1], napi_int32_array, BATCH_PACKETS * IN_WORDS),
                   .addresses = typed(env, values[2], napi_uint8_array, BATCH_PACKETS * ADDRESS_BYTES),
                   .ages = typed(env, values[3], napi_float64_array, BATCH_PACKETS)};
  if (inbox.bytes == NULL || inbox.words == NULL || inbox.addresses == NULL || inbox.ages == NULL)
    return number(env, -EINVAL);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  inbox.now = milliseconds(&now);
  shared->count = 0;
  shared->fresh = shared->freed_count;
  /* Each chunk of a port is followed by one of the next; a port that was emptied is asked once more at most. */
  uint32_t empty = 0;
  while (shared->ports > 0 && empty < shared->ports && shared->count < BATCH_PACKETS) {
    uint32_t before = shared->count;
    if (shared->next >= shared->ports) shared->next = 0;
    bool more = receive_chunk(shared, shared->next++, &inbox);
    empty = more && shared->count > before ? 0 : empty + 1;
  }
  return number(env, (int32_t)shared->count);
}

/* find(at): the path of packet `at` of the last batch, or -1: another packet of the batch may have made it known. */
static napi_value find_path(napi_env env, napi_callback_info info) {
  napi_value values[1];
  shared_t *shared = arguments(env, info, 1, values);
  if (shared == NULL) return NULL;
  uint32_t at = 0;
  if (napi_get_value_uint32(env, values[0], &at) != napi_ok || at >= shared->count) return number(env, NO_PATH);
  return number(env, shared->table[find(shared, &shared->from[at], shared->at_port[at])]);
}

/* keep(at): keeps the path of packet `at` of the last batch and returns its number; -ENOBUFS when there are too many. */
static napi_value keep(napi_env env, napi_callback_info info) {
  napi_value values[1];
  shared_t *shared = arguments(env, info, 1, values);
  if (shared == NULL) return NULL;
  uint32_t at = 0;
  if (napi_get_value_uint32(env, values[0], &at) != napi_ok || at >= shared->count) return number(env, -EINVAL);
  uint32_t place = find(shared, &shared->from[at], shared->at_port[at]);
  if (shared->table[place] != NO_PATH) return number(env, shared->table[place]);
  int32_t path = NO_PATH;
  if (shared->fresh > 0) {
    path = shared->freed[--shared->fresh];
    /* The last of those that are not free yet takes its place. */
    shared->freed[shared->fresh] = shared->freed[--shared->freed_count];
  } else if (shared->path_count < MAX_PATHS) {
    path = (int32_t)shared->path_count++;
  }
  if (path == NO_PATH) return number(env, -ENOBUFS);
  shared->paths[path] = (path_t){.peer = shared->from[at], .port = shared->at_port[at], .used = true};
  shared->table[place] = path;
  return number(env, path);
}

static path_t *path_at(shared_t *shared, uint32_t path) {
  return path < shared->path_count && shared->paths[path].used ? &shared->paths[path] : NULL;
}

/* forget(path): frees a path's number, for use from the next receive on. */
static napi_value forget(napi_env env, napi_callback_info info) {
  napi_value values[1];
  shared_t *shared = arguments(env, info, 1, values);
  if (shared == NULL) return NULL;
  uint32_t at = 0;
  path_t *path = napi_get_value_uint32(env, values[0], &at) == napi_ok ? path_at(shared, at) : NULL;
  if (path == NULL) return number(env, -EBADF);
  vacate(shared, find(shared, &path->peer, path->port));
  path->used = false;
  shared->freed[shared->freed_count++] = (int32_t)at;
  return number(env, 0);
}

/* Sends what was gathered for one port; a packet that cannot be sent does not keep back those behind it. */
static int32_t send_gathered(int fd, struct mmsghdr *messages, uint32_t count) {
  int32_t sent = 0;
  for (uint32_t at = 0; at < count;) {
    int done = sendmmsg(fd, messages + at, count - at, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done > 0) sent += done;
    at += done > 0 ? (uint32_t)done : 1;
  }
  return sent;
}

/* send(bytes, words, packets): sends packets. words: Int32Array, 3 each: path, offset into bytes, length. */
static napi_value send_packets(napi_env env, napi_callback_info info) {
  napi_value values[3];
  shared_t *shared = arguments(env, info, 3, values);
  if (shared == NULL) return NULL;
  uint32_t packets = 0;
  napi_get_value_uint32(env, values[2], &packets);
  const int32_t *words = typed(env, values[1], napi_int32_array, (size_t)packets * OUT_WORDS);
  napi_typedarray_type type;
  size_t size = 0;
  void *data = NULL;
  if (words == NULL || napi_get_typedarray_info(env, values[0], &type, &size, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array)
    return number(env, -EINVAL);
  struct mmsghdr messages[CHUNK];
  struct iovec parts[CHUNK];
  uint32_t gathered = 0;
  uint8_t on_port = 0;
  int32_t sent = 0;
  for (uint32_t at = 0; at < packets; at++) {
    const int32_t *word = words + (size_t)at * OUT_WORDS;
    path_t *path = path_at(shared, (uint32_t)word[0]);
    size_t offset = (size_t)(uint32_t)word[1];
    size_t length = (size_t)(uint32_t)word[2];
    if (path == NULL || offset > size || length > size - offset) continue;
    if (gathered == CHUNK || (gathered > 0 && path->port != on_port)) {
      sent += send_gathered(shared->fds[on_port], messages, gathered);
      gathered = 0;
    }
    on_port = path->port;
    parts[gathered] = (struct iovec){.iov_base = (uint8_t *)data + offset, .iov_len = length};
    messages[gathered].msg_len = 0;
    messages[gathered].msg_hdr = (struct msghdr){.msg_name = &path->peer,
                                                 .msg_namelen = length_of(&path->peer),
                                                 .msg_iov = &parts[gathered],
                                                 .msg_iovlen = 1};
    gathered++;
  }
  if (gathered > 0) sent += send_gathered(shared->fds[on_port], messages, gathered);
  return number(env, sent);
}

/* close(): closes all ports and forgets all paths. */
static napi_value close_ports(napi_env env, napi_callback_info info) {
  shared_t *shared = arguments(env, info, 0, NULL);
  if (shared == NULL) return NULL;
  close_all(shared);
  return number(env, 0);
}

static shared_t *new_shared(void) {
  shared_t *shared = calloc(1, sizeof *shared);
  if (shared == NULL) return NULL;
  shared->paths = calloc(MAX_PATHS, sizeof(path_t));
  shared->freed = calloc(MAX_PATHS, sizeof(int32_t));
  shared->table = calloc(TABLE_PLACES, sizeof(int32_t));
  if (shared->paths == NULL || shared->freed == NULL || shared->table == NULL) {
    free(shared->paths);
    free(shared->freed);
    free(shared->table);
    free(shared);
    return NULL;
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  shared->seed = (uint32_t)now.tv_nsec ^ (uint32_t)(uintptr_t)shared;
  close_all(shared);
  return shared;
}

NAPI_MODULE_INIT() {
  shared_t *shared = new_shared();
  if (shared == NULL) {
    napi_throw_error(env, NULL, "shared_udp: no memory");
    return NULL;
  }
  napi_set_instance_data(env, shared, free_shared, NULL);
  const napi_property_descriptor functions[] = {
      {"open", NULL, open_port, NULL, NULL, NULL, napi_enumerable, NULL},
      {"info", NULL, port_info, NULL, NULL, NULL, napi_enumerable, NULL},
      {"listen", NULL, listen_tcp, NULL, NULL, NULL, napi_enumerable, NULL},
      {"receive", NULL, receive, NULL, NULL, NULL, napi_enumerable, NULL},
      {"find", NULL, find_path, NULL, NULL, NULL, napi_enumerable, NULL},
      {"keep", NULL, keep, NULL, NULL, NULL, napi_enumerable, NULL},
      {"forget", NULL, forget, NULL, NULL, NULL, napi_enumerable, NULL},
      {"send", NULL, send_packets, NULL, NULL, NULL, napi_enumerable, NULL},
      {"close", NULL, close_ports, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  napi_set_named_property(env, exports, "interfaceVersion", number(env, INTERFACE_VERSION));
  return exports;
}
