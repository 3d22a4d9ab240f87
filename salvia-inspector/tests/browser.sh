#!/usr/bin/env bash
# The page in a browser: Debian's Chromium, without a window. Installs it if it is missing (as root), builds the demo and
# lets `browser.py` use it. Screenshots go to the folder that is given, else to `target/inspector`.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium chromium-driver
fi
cargo build -q --locked -p salvia-inspector --example demo
exec python3 salvia-inspector/tests/browser.py \
    "${CARGO_TARGET_DIR:-target}/debug/examples/demo" "${1:-${CARGO_TARGET_DIR:-target}/inspector}"
