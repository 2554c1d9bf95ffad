/*
 * SRTP (RFC 3711, RFC 7714) for one leg per session, by the OpenSSL that Node carries and exports. It does byte for byte
 * what `node-srtp.ts` does, with the same counters and windows (`stream-table.ts`, `replay-windows.ts`); what is decided why stands there.
 *
 * A session belongs to the thread that made it. Its memory goes when JavaScript forgets it, or when the thread ends.
 * Linked with `-z now`: against a Node without these symbols loading fails at once, and not in the middle of a call.
 */
#include <node_api.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Raised with every change of what is exported; the same number stands in native-srtp.ts. */
#define INTERFACE_VERSION 1
#define MAX_STREAMS 8
#define WINDOW_PACKETS 256
#define WINDOW_WORDS (WINDOW_PACKETS / 32)
#define INDEX_END (1LL << 48)
#define NONE (-1LL)
#define SEQUENCE_NUMBERS 65536LL
#define HALF 32768
#define GCM_TAG 16
#define CM_TAG 10
#define WORD 4
#define RTP_FIXED 12
#define RTCP_CLEAR 8
#define ENCRYPTED_BIT 0x80000000u
#define MAX_RTCP_INDEX 0x7fffffffu
#define SRTP_OVERHEAD 16
#define SRTCP_OVERHEAD 20
/* Longest packet, as in node-cm-cipher.ts. */
#define MAX_CM_BYTES 2048
/* Per kind of packet: key, salt, authentication key. */
#define KEY_BYTES 16
#define SALT_BYTES 14
#define AUTH_BYTES 20
#define KEY_SET_BYTES (KEY_BYTES + SALT_BYTES + AUTH_BYTES)
#define DIRECTION_BYTES (2 * KEY_SET_BYTES)
/* Numbers per stream, and in all, of a snapshot; the same stand in native-srtp.ts. */
#define STREAM_NUMBERS 3
#define SNAPSHOT_NUMBERS (3 + 2 * MAX_STREAMS * STREAM_NUMBERS)
/* About what a session takes, for the garbage collector to know. */
#define SESSION_BYTES 8192

typedef enum { CM = 0, GCM = 1 } profile_t;

typedef struct {
  EVP_CIPHER_CTX *cipher;
  uint8_t salt[SALT_BYTES];
  /* SHA-1 after the padded key, inner and outer. */
  SHA_CTX inner;
  SHA_CTX outer;
} key_set_t;

typedef struct {
  uint32_t ssrc;
  int64_t highest_rtp;
  int64_t highest_rtcp;
  uint64_t used_at;
  uint32_t rtp_window[WINDOW_WORDS];
  uint32_t rtcp_window[WINDOW_WORDS];
} stream_t;

typedef struct {
  profile_t profile;
  bool replaces_quietest;
  key_set_t rtp;
  key_set_t rtcp;
  stream_t streams[MAX_STREAMS];
  int count;
  uint64_t uses;
} direction_t;

typedef struct {
  direction_t in;
  direction_t out;
  uint32_t rtcp_index_out;
} session_t;

typedef struct {
  const uint8_t *packet;
  uint32_t length;
  uint8_t *out;
} job_t;

static uint32_t read_word(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_word(uint8_t *at, uint32_t word) {
  at[0] = (uint8_t)(word >> 24);
  at[1] = (uint8_t)(word >> 16);
  at[2] = (uint8_t)(word >> 8);
  at[3] = (uint8_t)word;
}

/* Length of the header with CSRCs and extension, 0 when it is none. */
static uint32_t rtp_header(const uint8_t *packet, uint32_t length) {
  if (length < RTP_FIXED || packet[0] >> 6 != 2) return 0;
  uint32_t bytes = RTP_FIXED + (packet[0] & 0x0fu) * 4;
  if (packet[0] & 0x10) {
    if (length < bytes + 4) return 0;
    bytes += 4 + ((uint32_t)packet[bytes + 2] << 8 | packet[bytes + 3]) * 4;
  }
  return bytes > length ? 0 : bytes;
}

/* ---- streams ---- */

static stream_t *find(direction_t *direction, uint32_t ssrc) {
  for (int at = 0; at < direction->count; at++)
    if (direction->streams[at].ssrc == ssrc) return &direction->streams[at];
  return NULL;
}

/* Of those that have had RTCP only, while there are any: they have the least to lose. */
static bool yields_to(const stream_t *one, const stream_t *other) {
  bool one_knows = one->highest_rtp >= 0;
  bool other_knows = other->highest_rtp >= 0;
  return one_knows != other_knows ? other_knows : one->used_at < other->used_at;
}

static stream_t *new_place(direction_t *direction, uint32_t ssrc) {
  stream_t *stream = NULL;
  if (direction->count < MAX_STREAMS) {
    stream = &direction->streams[direction->count++];
  } else {
    if (!direction->replaces_quietest) return NULL;
    stream = &direction->streams[0];
    for (int at = 1; at < MAX_STREAMS; at++)
      if (yields_to(&direction->streams[at], stream)) stream = &direction->streams[at];
  }
  memset(stream, 0, sizeof *stream);
  stream->ssrc = ssrc;
  stream->highest_rtp = NONE;
  stream->highest_rtcp = NONE;
  return stream;
}

static stream_t *claim(direction_t *direction, uint32_t ssrc) {
  stream_t *stream = find(direction, ssrc);
  if (stream == NULL) stream = new_place(direction, ssrc);
  if (stream != NULL) stream->used_at = ++direction->uses;
  return stream;
}

static int64_t estimate_rtp(const stream_t *stream, uint32_t sequence) {
  if (stream == NULL || stream->highest_rtp < 0) return sequence;
  int64_t last = stream->highest_rtp % SEQUENCE_NUMBERS;
  int64_t index = stream->highest_rtp - last + sequence;
  if (last < HALF && (int64_t)sequence - last > HALF) index -= SEQUENCE_NUMBERS;
  else if (last >= HALF && last - HALF > (int64_t)sequence) index += SEQUENCE_NUMBERS;
  return index < 0 || index >= INDEX_END ? NONE : index;
}

static bool is_fresh(const uint32_t *window, int64_t highest, int64_t index) {
  if (index > highest) return true;
  if (highest - index >= WINDOW_PACKETS) return false;
  uint32_t bit = (uint32_t)(index % WINDOW_PACKETS);
  return (window[bit >> 5] >> (bit & 31) & 1) == 0;
}

static int64_t mark(uint32_t *window, int64_t highest, int64_t index) {
  if (index - highest >= WINDOW_PACKETS) {
    memset(window, 0, WINDOW_WORDS * sizeof *window);
  } else {
    for (int64_t next = highest + 1; next < index; next++)
      window[next % WINDOW_PACKETS >> 5] &= ~(1u << (next & 31));
  }
  window[index % WINDOW_PACKETS >> 5] |= 1u << (index & 31);
  return index > highest ? index : highest;
}

/* ---- ciphers ---- */

/* Both profiles keep their cipher; only the initialisation vector is new with each packet. */
static bool begin(key_set_t *keys, const uint8_t *iv, bool encrypts) {
  return EVP_CipherInit_ex(keys->cipher, NULL, NULL, NULL, iv, encrypts ? 1 : 0) == 1;
}

static bool update(key_set_t *keys, uint8_t *out, const uint8_t *in, uint32_t length) {
  int written = 0;
  return length == 0 || EVP_CipherUpdate(keys->cipher, out, &written, in, (int)length) == 1;
}

static void gcm_iv(const key_set_t *keys, uint8_t *iv) {
  for (int at = 0; at < 12; at++) iv[at] ^= keys->salt[at];
}

static void rtp_iv(const direction_t *direction, const uint8_t *packet, int64_t index, uint8_t *iv) {
  memset(iv, 0, 16);
  uint8_t *ssrc = iv + (direction->profile == GCM ? 2 : 4);
  memcpy(ssrc, packet + 8, 4);
  write_word(ssrc + 4, (uint32_t)(index >> 16));
  ssrc[8] = (uint8_t)(index >> 8);
  ssrc[9] = (uint8_t)index;
  if (direction->profile == GCM) gcm_iv(&direction->rtp, iv);
  else
    for (int at = 0; at < SALT_BYTES; at++) iv[at] ^= direction->rtp.salt[at];
}

static void rtcp_iv(const direction_t *direction, const uint8_t *packet, uint32_t word, uint8_t *iv) {
  memset(iv, 0, 16);
  uint8_t *ssrc = iv + (direction->profile == GCM ? 2 : 4);
  memcpy(ssrc, packet + 4, 4);
  write_word(ssrc + 6, word & ~ENCRYPTED_BIT);
  if (direction->profile == GCM) gcm_iv(&direction->rtcp, iv);
  else
    for (int at = 0; at < SALT_BYTES; at++) iv[at] ^= direction->rtcp.salt[at];
}

/* HMAC-SHA1 over the packet and a word behind it. */
static void hmac(const key_set_t *keys, const uint8_t *packet, uint32_t length, uint32_t word, uint8_t *tag) {
  uint8_t bytes[WORD];
  SHA_CTX inner = keys->inner;
  SHA_CTX outer = keys->outer;
  write_word(bytes, word);
  SHA1_Update(&inner, packet, length);
  SHA1_Update(&inner, bytes, WORD);
  SHA1_Final(tag, &inner);
  SHA1_Update(&outer, tag, SHA_DIGEST_LENGTH);
  SHA1_Final(tag, &outer);
}

typedef struct {
  const uint8_t *head;
  uint32_t head_length;
  const uint8_t *body;
  uint32_t body_length;
  uint8_t *out;
} aead_t;

static bool gcm_seal(key_set_t *keys, const uint8_t *iv, const aead_t *data, uint8_t *tag) {
  int written = 0;
  return begin(keys, iv, true) && update(keys, NULL, data->head, data->head_length) &&
         update(keys, data->out, data->body, data->body_length) &&
         EVP_CipherFinal_ex(keys->cipher, tag, &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(keys->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, tag) == 1;
}

static bool gcm_open(key_set_t *keys, const uint8_t *iv, const aead_t *data, const uint8_t *tag) {
  int written = 0;
  uint8_t rest[16];
  uint8_t expected[GCM_TAG];
  memcpy(expected, tag, GCM_TAG);
  return begin(keys, iv, false) && update(keys, NULL, data->head, data->head_length) &&
         update(keys, data->out, data->body, data->body_length) &&
         EVP_CIPHER_CTX_ctrl(keys->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, expected) == 1 &&
         EVP_CipherFinal_ex(keys->cipher, rest, &written) == 1;
}

/* ---- RTP ---- */

static uint32_t protect_rtp(session_t *session, const job_t *job) {
  direction_t *direction = &session->out;
  const uint8_t *packet = job->packet;
  uint32_t header = rtp_header(packet, job->length);
  if (header == 0) return 0;
  stream_t *stream = claim(direction, read_word(packet + 8));
  if (stream == NULL) return 0;
  int64_t index = estimate_rtp(stream, (uint32_t)packet[2] << 8 | packet[3]);
  if (index < 0 || !is_fresh(stream->rtp_window, stream->highest_rtp, index)) return 0;
  stream->highest_rtp = mark(stream->rtp_window, stream->highest_rtp, index);
  uint8_t iv[16];
  rtp_iv(direction, packet, index, iv);
  uint8_t *out = job->out;
  uint32_t body = job->length - header;
  memcpy(out, packet, header);
  if (direction->profile == GCM) {
    aead_t data = {packet, header, packet + header, body, out + header};
    return gcm_seal(&direction->rtp, iv, &data, out + job->length) ? job->length + GCM_TAG : 0;
  }
  if (body > MAX_CM_BYTES || !begin(&direction->rtp, iv, true)) return 0;
  if (!update(&direction->rtp, out + header, packet + header, body)) return 0;
  uint8_t tag[SHA_DIGEST_LENGTH];
  hmac(&direction->rtp, out, job->length, (uint32_t)(index >> 16), tag);
  memcpy(out + job->length, tag, CM_TAG);
  return job->length + CM_TAG;
}

static uint32_t open_rtp(direction_t *direction, const job_t *job, uint32_t header, int64_t index) {
  const uint8_t *packet = job->packet;
  uint8_t iv[16];
  rtp_iv(direction, packet, index, iv);
  if (direction->profile == GCM) {
    uint32_t tag_at = job->length - GCM_TAG;
    aead_t data = {packet, header, packet + header, tag_at - header, job->out + header};
    if (!gcm_open(&direction->rtp, iv, &data, packet + tag_at)) return 0;
    memcpy(job->out, packet, header);
    return tag_at;
  }
  uint32_t tag_at = job->length - CM_TAG;
  if (tag_at > MAX_CM_BYTES) return 0;
  uint8_t tag[SHA_DIGEST_LENGTH];
  hmac(&direction->rtp, packet, tag_at, (uint32_t)(index >> 16), tag);
  if (CRYPTO_memcmp(tag, packet + tag_at, CM_TAG) != 0 || !begin(&direction->rtp, iv, true)) return 0;
  memcpy(job->out, packet, header);
  return update(&direction->rtp, job->out + header, packet + header, tag_at - header) ? tag_at : 0;
}

static uint32_t try_rtp(direction_t *direction, const job_t *job, uint32_t header, int64_t index) {
  uint32_t ssrc = read_word(job->packet + 8);
  stream_t *stream = find(direction, ssrc);
  if (index < 0) return 0;
  if (stream != NULL && !is_fresh(stream->rtp_window, stream->highest_rtp, index)) return 0;
  uint32_t written = open_rtp(direction, job, header, index);
  if (written == 0) return 0;
  stream = claim(direction, ssrc);
  stream->highest_rtp = mark(stream->rtp_window, stream->highest_rtp, index);
  return written;
}

static uint32_t unprotect_rtp(session_t *session, const job_t *job) {
  direction_t *direction = &session->in;
  const uint8_t *packet = job->packet;
  uint32_t header = rtp_header(packet, job->length);
  uint32_t tag = direction->profile == GCM ? GCM_TAG : CM_TAG;
  if (header == 0 || job->length < header + tag) return 0;
  const stream_t *stream = find(direction, read_word(packet + 8));
  uint32_t sequence = (uint32_t)packet[2] << 8 | packet[3];
  int64_t index = estimate_rtp(stream, sequence);
  uint32_t written = try_rtp(direction, job, header, index);
  if (written > 0 || (stream != NULL && stream->highest_rtp >= 0) || sequence >= HALF) return written;
  return try_rtp(direction, job, header, index + SEQUENCE_NUMBERS);
}

/* ---- RTCP ---- */

static uint32_t protect_rtcp(session_t *session, const job_t *job) {
  direction_t *direction = &session->out;
  const uint8_t *packet = job->packet;
  if (job->length < RTCP_CLEAR || packet[0] >> 6 != 2) return 0;
  if (session->rtcp_index_out > MAX_RTCP_INDEX) return 0;
  uint32_t word = ENCRYPTED_BIT | session->rtcp_index_out++;
  uint8_t iv[16];
  rtcp_iv(direction, packet, word, iv);
  uint8_t *out = job->out;
  uint32_t body = job->length - RTCP_CLEAR;
  memcpy(out, packet, RTCP_CLEAR);
  if (direction->profile == GCM) {
    uint8_t head[RTCP_CLEAR + WORD];
    memcpy(head, packet, RTCP_CLEAR);
    write_word(head + RTCP_CLEAR, word);
    aead_t data = {head, sizeof head, packet + RTCP_CLEAR, body, out + RTCP_CLEAR};
    if (!gcm_seal(&direction->rtcp, iv, &data, out + job->length)) return 0;
    write_word(out + job->length + GCM_TAG, word);
    return job->length + GCM_TAG + WORD;
  }
  if (body > MAX_CM_BYTES || !begin(&direction->rtcp, iv, true)) return 0;
  if (!update(&direction->rtcp, out + RTCP_CLEAR, packet + RTCP_CLEAR, body)) return 0;
  uint8_t tag[SHA_DIGEST_LENGTH];
  write_word(out + job->length, word);
  hmac(&direction->rtcp, out, job->length, word, tag);
  memcpy(out + job->length + WORD, tag, CM_TAG);
  return job->length + WORD + CM_TAG;
}

static uint32_t open_rtcp_gcm(direction_t *direction, const job_t *job, uint32_t word) {
  const uint8_t *packet = job->packet;
  uint32_t tag_at = job->length - GCM_TAG - WORD;
  uint8_t iv[16];
  rtcp_iv(direction, packet, word, iv);
  if (word & ENCRYPTED_BIT) {
    uint8_t head[RTCP_CLEAR + WORD];
    memcpy(head, packet, RTCP_CLEAR);
    write_word(head + RTCP_CLEAR, word);
    aead_t data = {head, sizeof head, packet + RTCP_CLEAR, tag_at - RTCP_CLEAR, job->out + RTCP_CLEAR};
    if (!gcm_open(&direction->rtcp, iv, &data, packet + tag_at)) return 0;
    memcpy(job->out, packet, RTCP_CLEAR);
    return tag_at;
  }
  /* Authenticated only: the packet and the word behind its tag are associated data. */
  key_set_t *keys = &direction->rtcp;
  uint8_t expected[GCM_TAG];
  uint8_t rest[16];
  int written = 0;
  memcpy(expected, packet + tag_at, GCM_TAG);
  if (!begin(keys, iv, false) || !update(keys, NULL, packet, tag_at) ||
      !update(keys, NULL, packet + tag_at + GCM_TAG, WORD) ||
      EVP_CIPHER_CTX_ctrl(keys->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, expected) != 1 ||
      EVP_CipherFinal_ex(keys->cipher, rest, &written) != 1)
    return 0;
  memcpy(job->out, packet, tag_at);
  return tag_at;
}

static uint32_t open_rtcp_cm(direction_t *direction, const job_t *job, uint32_t word) {
  const uint8_t *packet = job->packet;
  uint32_t word_at = job->length - CM_TAG - WORD;
  if (word_at > MAX_CM_BYTES) return 0;
  uint8_t tag[SHA_DIGEST_LENGTH];
  hmac(&direction->rtcp, packet, word_at, word, tag);
  if (CRYPTO_memcmp(tag, packet + word_at + WORD, CM_TAG) != 0) return 0;
  if (!(word & ENCRYPTED_BIT)) {
    memcpy(job->out, packet, word_at);
    return word_at;
  }
  uint8_t iv[16];
  rtcp_iv(direction, packet, word, iv);
  if (!begin(&direction->rtcp, iv, true)) return 0;
  memcpy(job->out, packet, RTCP_CLEAR);
  return update(&direction->rtcp, job->out + RTCP_CLEAR, packet + RTCP_CLEAR, word_at - RTCP_CLEAR)
             ? word_at
             : 0;
}

static uint32_t unprotect_rtcp(session_t *session, const job_t *job) {
  direction_t *direction = &session->in;
  const uint8_t *packet = job->packet;
  bool gcm = direction->profile == GCM;
  uint32_t trailer = WORD + (gcm ? GCM_TAG : CM_TAG);
  if (job->length < RTCP_CLEAR + trailer || packet[0] >> 6 != 2) return 0;
  uint32_t word = read_word(packet + job->length - (gcm ? WORD : trailer));
  int64_t index = word & ~ENCRYPTED_BIT;
  uint32_t ssrc = read_word(packet + 4);
  stream_t *stream = find(direction, ssrc);
  if (stream != NULL && !is_fresh(stream->rtcp_window, stream->highest_rtcp, index)) return 0;
  uint32_t written = gcm ? open_rtcp_gcm(direction, job, word) : open_rtcp_cm(direction, job, word);
  if (written == 0) return 0;
  stream = claim(direction, ssrc);
  stream->highest_rtcp = mark(stream->rtcp_window, stream->highest_rtcp, index);
  return written;
}

/* ---- sessions ---- */

static void pad_key(SHA_CTX *context, const uint8_t *key, uint8_t pad) {
  uint8_t block[SHA_CBLOCK];
  memset(block, pad, sizeof block);
  for (int at = 0; at < AUTH_BYTES; at++) block[at] ^= key[at];
  SHA1_Init(context);
  SHA1_Update(context, block, sizeof block);
  OPENSSL_cleanse(block, sizeof block);
}

static bool set_keys(key_set_t *keys, profile_t profile, const uint8_t *bytes) {
  const EVP_CIPHER *cipher = profile == GCM ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
  keys->cipher = EVP_CIPHER_CTX_new();
  memcpy(keys->salt, bytes + KEY_BYTES, SALT_BYTES);
  pad_key(&keys->inner, bytes + KEY_BYTES + SALT_BYTES, 0x36);
  pad_key(&keys->outer, bytes + KEY_BYTES + SALT_BYTES, 0x5c);
  return keys->cipher != NULL && EVP_CipherInit_ex(keys->cipher, cipher, NULL, bytes, NULL, 1) == 1;
}

static void free_session(napi_env env, void *data, void *hint) {
  (void)hint;
  session_t *session = data;
  EVP_CIPHER_CTX_free(session->in.rtp.cipher);
  EVP_CIPHER_CTX_free(session->in.rtcp.cipher);
  EVP_CIPHER_CTX_free(session->out.rtp.cipher);
  EVP_CIPHER_CTX_free(session->out.rtcp.cipher);
  OPENSSL_cleanse(session, sizeof *session);
  free(session);
  int64_t now = 0;
  if (env != NULL) napi_adjust_external_memory(env, -SESSION_BYTES, &now);
}

static bool bytes_of(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok) return false;
  *bytes = data;
  return type == napi_uint8_array;
}

static bool read_direction(napi_env env, const napi_value *values, direction_t *direction) {
  uint32_t profile = 0;
  uint8_t *bytes = NULL;
  size_t length = 0;
  if (napi_get_value_uint32(env, values[0], &profile) != napi_ok || profile > GCM) return false;
  if (!bytes_of(env, values[1], &bytes, &length) || length != DIRECTION_BYTES) return false;
  direction->profile = (profile_t)profile;
  return set_keys(&direction->rtp, direction->profile, bytes) &&
         set_keys(&direction->rtcp, direction->profile, bytes + KEY_SET_BYTES);
}

/* create(profileIn, keysIn, profileOut, keysOut): a session. Keys as 2 × (16 key, 14 salt, 20 authentication key). */
static napi_value create(napi_env env, napi_callback_info info) {
  napi_value values[4];
  napi_value result = NULL;
  size_t count = 4;
  session_t *session = calloc(1, sizeof *session);
  if (session == NULL || napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok || count < 4 ||
      !read_direction(env, values, &session->in) || !read_direction(env, values + 2, &session->out) ||
      napi_create_external(env, session, free_session, NULL, &result) != napi_ok) {
    if (session != NULL) free_session(NULL, session, NULL);
    napi_throw_error(env, NULL, "srtp: no session could be made");
    return NULL;
  }
  session->in.replaces_quietest = true;
  int64_t now = 0;
  napi_adjust_external_memory(env, SESSION_BYTES, &now);
  return result;
}

static napi_value misuse(napi_env env) {
  napi_throw_range_error(env, NULL, "a packet does not fit its buffer");
  return NULL;
}

/* (session, packet, lengthBytes, out): bytes written, 0 for a packet that is refused. */
static napi_value work(napi_env env, napi_callback_info info, uint32_t (*step)(session_t *, const job_t *),
                       size_t overhead) {
  napi_value values[4];
  size_t count = 4;
  void *session = NULL;
  uint8_t *packet = NULL;
  uint8_t *out = NULL;
  size_t packet_length = 0;
  size_t out_length = 0;
  uint32_t length = 0;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok || count < 4 ||
      napi_get_value_external(env, values[0], &session) != napi_ok ||
      !bytes_of(env, values[1], &packet, &packet_length) ||
      napi_get_value_uint32(env, values[2], &length) != napi_ok ||
      !bytes_of(env, values[3], &out, &out_length))
    return misuse(env);
  if (length > packet_length || length + overhead > out_length) return misuse(env);
  job_t job = {packet, length, out};
  napi_value result = NULL;
  napi_create_uint32(env, step(session, &job), &result);
  return result;
}

static napi_value js_protect_rtp(napi_env env, napi_callback_info info) {
  return work(env, info, protect_rtp, SRTP_OVERHEAD);
}

static napi_value js_unprotect_rtp(napi_env env, napi_callback_info info) {
  return work(env, info, unprotect_rtp, 0);
}

static napi_value js_protect_rtcp(napi_env env, napi_callback_info info) {
  return work(env, info, protect_rtcp, SRTCP_OVERHEAD);
}

static napi_value js_unprotect_rtcp(napi_env env, napi_callback_info info) {
  return work(env, info, unprotect_rtcp, 0);
}

static session_t *snapshot_arguments(napi_env env, napi_callback_info info, double **numbers) {
  napi_value values[2];
  size_t count = 2;
  size_t length = 0;
  void *session = NULL;
  void *data = NULL;
  napi_typedarray_type type;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok || count < 2 ||
      napi_get_value_external(env, values[0], &session) != napi_ok ||
      napi_get_typedarray_info(env, values[1], &type, &length, &data, NULL, NULL) != napi_ok ||
      type != napi_float64_array || length < SNAPSHOT_NUMBERS) {
    misuse(env);
    return NULL;
  }
  *numbers = data;
  return session;
}

static double *write_streams(const direction_t *direction, double *numbers) {
  for (int at = 0; at < direction->count; at++, numbers += STREAM_NUMBERS) {
    numbers[0] = direction->streams[at].ssrc;
    numbers[1] = (double)direction->streams[at].highest_rtp;
    numbers[2] = (double)direction->streams[at].highest_rtcp;
  }
  return numbers;
}

/* read(session, numbers): RTCP index out, streams out, streams in; then SSRC, RTP index, RTCP index of each. */
static napi_value js_read(napi_env env, napi_callback_info info) {
  double *numbers = NULL;
  const session_t *session = snapshot_arguments(env, info, &numbers);
  if (session == NULL) return NULL;
  numbers[0] = session->rtcp_index_out;
  numbers[1] = session->out.count;
  numbers[2] = session->in.count;
  write_streams(&session->in, write_streams(&session->out, numbers + 3));
  return NULL;
}

static const double *read_streams(direction_t *direction, int count, const double *numbers) {
  direction->count = 0;
  for (int at = 0; at < count; at++, numbers += STREAM_NUMBERS) {
    stream_t *stream = claim(direction, (uint32_t)numbers[0]);
    stream->highest_rtp = (int64_t)numbers[1];
    stream->highest_rtcp = (int64_t)numbers[2];
    memset(stream->rtp_window, stream->highest_rtp < 0 ? 0 : 0xff, sizeof stream->rtp_window);
    memset(stream->rtcp_window, stream->highest_rtcp < 0 ? 0 : 0xff, sizeof stream->rtcp_window);
  }
  return numbers;
}

/* write(session, numbers): the same back. */
static napi_value js_write(napi_env env, napi_callback_info info) {
  double *numbers = NULL;
  session_t *session = snapshot_arguments(env, info, &numbers);
  if (session == NULL) return NULL;
  int out = (int)numbers[1];
  int in = (int)numbers[2];
  if (out < 0 || out > MAX_STREAMS || in < 0 || in > MAX_STREAMS) return misuse(env);
  session->rtcp_index_out = (uint32_t)numbers[0];
  read_streams(&session->in, in, read_streams(&session->out, out, numbers + 3));
  return NULL;
}

static bool export_function(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value value = NULL;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &value) == napi_ok &&
         napi_set_named_property(env, exports, name, value) == napi_ok;
}

NAPI_MODULE_INIT() {
  napi_value version = NULL;
  if (napi_create_uint32(env, INTERFACE_VERSION, &version) != napi_ok ||
      napi_set_named_property(env, exports, "interfaceVersion", version) != napi_ok ||
      !export_function(env, exports, "create", create) ||
      !export_function(env, exports, "protectRtp", js_protect_rtp) ||
      !export_function(env, exports, "unprotectRtp", js_unprotect_rtp) ||
      !export_function(env, exports, "protectRtcp", js_protect_rtcp) ||
      !export_function(env, exports, "unprotectRtcp", js_unprotect_rtcp) ||
      !export_function(env, exports, "read", js_read) || !export_function(env, exports, "write", js_write)) {
    napi_throw_error(env, NULL, "srtp: the functions could not be exported");
    return NULL;
  }
  return exports;
}
