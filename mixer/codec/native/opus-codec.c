/*
 * Opus by the system's libopus. The JavaScript side, `opus-native.ts`, owns the samples and payloads; this file owns the
 * state of the codecs, each behind an external that frees it when it is collected or its thread ends.
 *
 * Functions return a count, or a negative error of libopus; wrong arguments and a freed codec are OPUS_BAD_ARG.
 */
#include <node_api.h>
#include <opus.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Raised with every change of what is exported, so that an old build is not used with new sources; as there. */
#define INTERFACE_VERSION 1
#define RATE_HZ 48000
#define CHANNELS 1

/* One of the two, or neither after `free`. */
typedef struct {
  OpusDecoder *decoder;
  OpusEncoder *encoder;
  int64_t bytes;
} codec_t;

typedef struct {
  void *data;
  size_t length;
} array_t;

static napi_value number(napi_env env, int32_t value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  return napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given >= count;
}

static bool integer(napi_env env, napi_value value, int32_t *out) {
  return napi_get_value_int32(env, value, out) == napi_ok;
}

static codec_t *codec(napi_env env, napi_value value) {
  napi_valuetype type;
  void *data = NULL;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok) return NULL;
  return data;
}

static bool array(napi_env env, napi_value value, napi_typedarray_type wanted, array_t *out) {
  napi_typedarray_type type;
  if (napi_get_typedarray_info(env, value, &type, &out->length, &out->data, NULL, NULL) != napi_ok)
    return false;
  return type == wanted;
}

static bool inside(const array_t *of, int32_t offset, int32_t length) {
  return offset >= 0 && length >= 0 && (size_t)offset + (size_t)length <= of->length;
}

static void drop_state(napi_env env, codec_t *of) {
  int64_t ignored;
  if (of->decoder == NULL && of->encoder == NULL) return;
  if (of->decoder != NULL) opus_decoder_destroy(of->decoder);
  if (of->encoder != NULL) opus_encoder_destroy(of->encoder);
  of->decoder = NULL;
  of->encoder = NULL;
  napi_adjust_external_memory(env, -of->bytes, &ignored);
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)hint;
  drop_state(env, data);
  free(data);
}

/* Hands a codec to JavaScript, whose collector learns what hangs on the little object. */
static napi_value wrap(napi_env env, codec_t made) {
  napi_value result = NULL;
  int64_t ignored;
  codec_t *kept = malloc(sizeof *kept);
  if (kept != NULL) *kept = made;
  if (kept == NULL || (made.decoder == NULL && made.encoder == NULL) ||
      napi_create_external(env, kept, finalize, NULL, &result) != napi_ok) {
    if (made.decoder != NULL) opus_decoder_destroy(made.decoder);
    if (made.encoder != NULL) opus_encoder_destroy(made.encoder);
    free(kept);
    napi_throw_error(env, NULL, "opus_codec: out of memory");
    return NULL;
  }
  napi_adjust_external_memory(env, made.bytes, &ignored);
  return result;
}

/* newDecoder() */
static napi_value new_decoder(napi_env env, napi_callback_info info) {
  (void)info;
  int error = OPUS_OK;
  codec_t made = {.bytes = opus_decoder_get_size(CHANNELS)};
  made.decoder = opus_decoder_create(RATE_HZ, CHANNELS, &error);
  return wrap(env, made);
}

/* newEncoder() */
static napi_value new_encoder(napi_env env, napi_callback_info info) {
  (void)info;
  int error = OPUS_OK;
  codec_t made = {.bytes = opus_encoder_get_size(CHANNELS)};
  made.encoder = opus_encoder_create(RATE_HZ, CHANNELS, OPUS_APPLICATION_VOIP, &error);
  return wrap(env, made);
}

/*
 * decode(decoder, payload, offset, length, out, outOffset, samples, redundancy): samples written.
 * A length of 0 conceals `samples`; redundancy 1 decodes what the payload repeats of the frame before it.
 */
static napi_value decode(napi_env env, napi_callback_info info) {
  napi_value given[8];
  array_t payload, out;
  int32_t offset, length, out_offset, samples, redundancy;
  if (!arguments(env, info, 8, given) || !array(env, given[1], napi_uint8_array, &payload) ||
      !integer(env, given[2], &offset) || !integer(env, given[3], &length) ||
      !array(env, given[4], napi_int16_array, &out) || !integer(env, given[5], &out_offset) ||
      !integer(env, given[6], &samples) || !integer(env, given[7], &redundancy))
    return number(env, OPUS_BAD_ARG);
  codec_t *of = codec(env, given[0]);
  if (of == NULL || of->decoder == NULL || !inside(&payload, offset, length) ||
      !inside(&out, out_offset, samples))
    return number(env, OPUS_BAD_ARG);
  const uint8_t *bytes = length == 0 ? NULL : (const uint8_t *)payload.data + offset;
  opus_int16 *to = (opus_int16 *)out.data + out_offset;
  return number(env, opus_decode(of->decoder, bytes, length, to, samples, redundancy != 0));
}

/* encode(encoder, samples, offset, length, out, outOffset, maxBytes): bytes written. */
static napi_value encode(napi_env env, napi_callback_info info) {
  napi_value given[7];
  array_t samples, out;
  int32_t offset, length, out_offset, max_bytes;
  if (!arguments(env, info, 7, given) || !array(env, given[1], napi_int16_array, &samples) ||
      !integer(env, given[2], &offset) || !integer(env, given[3], &length) ||
      !array(env, given[4], napi_uint8_array, &out) || !integer(env, given[5], &out_offset) ||
      !integer(env, given[6], &max_bytes))
    return number(env, OPUS_BAD_ARG);
  codec_t *of = codec(env, given[0]);
  if (of == NULL || of->encoder == NULL || !inside(&samples, offset, length) ||
      !inside(&out, out_offset, max_bytes))
    return number(env, OPUS_BAD_ARG);
  const opus_int16 *from = (const opus_int16 *)samples.data + offset;
  uint8_t *to = (uint8_t *)out.data + out_offset;
  return number(env, opus_encode(of->encoder, from, length, to, max_bytes));
}

/* control(codec, request, value): a request of opus_defines.h that sets something. */
static napi_value control(napi_env env, napi_callback_info info) {
  napi_value given[3];
  int32_t request, value;
  if (!arguments(env, info, 3, given) || !integer(env, given[1], &request) ||
      !integer(env, given[2], &value))
    return number(env, OPUS_BAD_ARG);
  codec_t *of = codec(env, given[0]);
  /* An even number sets, an odd one would write through a pointer. */
  if (of == NULL || (request & 1) != 0) return number(env, OPUS_BAD_ARG);
  if (of->decoder != NULL) return number(env, opus_decoder_ctl(of->decoder, request, value));
  if (of->encoder != NULL) return number(env, opus_encoder_ctl(of->encoder, request, value));
  return number(env, OPUS_BAD_ARG);
}

/* free(codec) */
static napi_value free_codec(napi_env env, napi_callback_info info) {
  napi_value given[1];
  codec_t *of = arguments(env, info, 1, given) ? codec(env, given[0]) : NULL;
  if (of == NULL) return number(env, OPUS_BAD_ARG);
  drop_state(env, of);
  return number(env, OPUS_OK);
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"newDecoder", new_decoder}, {"newEncoder", new_encoder}, {"decode", decode},
      {"encode", encode},          {"control", control},        {"free", free_codec},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    const char *name = functions[i].name;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function) !=
            napi_ok ||
        napi_set_named_property(env, exports, name, function) != napi_ok)
      return NULL;
  }
  if (napi_set_named_property(env, exports, "interfaceVersion", number(env, INTERFACE_VERSION)) !=
      napi_ok)
    return NULL;
  return exports;
}
