#!/usr/bin/env bash
# `folio lsp` in a real editor: Neovim without a window shows diagnostics, follows a link, renames a heading.
# Installs Debian's Neovim if there is none (0.7 or later will do). Ends with 1 if something is not as it should be.
set -euo pipefail
cd "$(dirname "$0")/../../.."

if ! command -v nvim >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends neovim
fi
cargo build -q --locked -p folio
folio="$(realpath "${CARGO_TARGET_DIR:-target}/debug/folio")"
session="$PWD/examples/folio/tests/neovim/session.lua"
root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
# Its settings and its log are nobody's but this session's.
export XDG_CONFIG_HOME="$root/.nvim" XDG_DATA_HOME="$root/.nvim" XDG_STATE_HOME="$root/.nvim" XDG_CACHE_HOME="$root/.nvim"

mkdir "$root/docs"
cd "$root/docs"
printf '# Home\n\n[to two](guide/two.md#second-part) and [gone](gone.md)\n' >home.md
mkdir guide
printf '# Two\n\nText.\n\n## Second part\n\nBack [home](../home.md).\n' >guide/two.md
# A server that hangs is no reason to wait for ever.
FOLIO="$folio" timeout 120 nvim --headless -u NONE -i NONE -n --cmd "luafile $session" home.md
