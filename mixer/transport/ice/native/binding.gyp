{
  "targets": [
    {
      "target_name": "shared_udp",
      "sources": ["shared-udp.c"],
      "cflags": ["-O2", "-Wall", "-Wextra", "-std=gnu11"],
      "defines": ["NAPI_VERSION=8"]
    }
  ]
}
