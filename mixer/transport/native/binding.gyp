{
  "targets": [
    {
      "target_name": "packet_batch",
      "sources": ["packet-batch.c"],
      "cflags": ["-O2", "-Wall", "-Wextra", "-std=gnu11"],
      "defines": ["NAPI_VERSION=8"]
    }
  ]
}
