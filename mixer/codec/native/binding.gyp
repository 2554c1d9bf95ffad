{
  "targets": [
    {
      "target_name": "opus_codec",
      "sources": ["opus-codec.c"],
      "cflags": ["-O2", "-Wall", "-Wextra", "-std=gnu11", "<!@(pkg-config --cflags opus)"],
      "libraries": ["<!@(pkg-config --libs opus)"],
      "defines": ["NAPI_VERSION=8"]
    }
  ]
}
