#!/usr/bin/env bash
# `folio serve` and `folio build` in a real browser: open, edit, see the change, follow links, search.
# Installs Debian's Chromium if there is none. Screenshots go to the directory given, else nowhere.
set -euo pipefail
cd "$(dirname "$0")/../../.."

if ! command -v chromium >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
cargo build -q -p folio
exec python3 examples/folio/tests/browser/session.py "${CARGO_TARGET_DIR:-target}/debug/folio" "$@"
