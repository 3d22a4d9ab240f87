"""The folder the browser is shown."""

import pathlib
import struct
import zlib

START = """---
tags: [guide, first steps]
description: How to begin.
---
# Getting started

A first paragraph with a [link to the reference](reference.md#tables), one to
[a page nobody wrote](unwritten.md) and one [out of the folder](https://example.org/).

## Install

```rust
/// Says hello.
fn main() {
    let name = "folio";
    println!("Hello, {name}!"); // and goodbye
}
```

> A quotation, so that there is one to look at.

### A picture

![A gradient](img/gradient.png)

## Next steps

1. Read the [reference](reference.md).
2. Write something.
   - [x] a task that is done
   - [ ] one that is not
"""

REFERENCE = """# Reference

Back to the [start](start.md).

## Tables

| option | meaning | default |
|---|---|---|
| `--out` | where the site is written | none |
| `--port` | the port of this machine | `4000` |

## Words

The word zanzibar stands here and nowhere else.[^1]

[^1]: A footnote.
"""


def png(width, height):
    rows = b""
    for y in range(height):
        rows += b"\0" + b"".join(bytes((x * 255 // width, y * 255 // height, 160)) for x in range(width))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(root: pathlib.Path):
    files = {
        "README.md": "# The Handbook\n\nWelcome. Begin with [getting started](guide/start.md).\n",
        "guide/start.md": START,
        "guide/reference.md": REFERENCE,
        "guide/advanced.md": "---\norder: 1\n---\n# Advanced topics\n\nNothing to see yet.\n",
        "notes/idea.md": "---\ntags: [guide]\n---\n# An idea\n\nSee [start](../guide/start.md#install).\n",
    }
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (root / "guide/img").mkdir()
    (root / "guide/img/gradient.png").write_bytes(png(480, 120))
