#!/usr/bin/env bash
# Installs from Debian what the tests need beside the .NET SDK and this machine lacks; says nothing where nothing is missing.
# Without root, or without apt, it names what to install instead, and fails.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

missing=()
command -v chromium >/dev/null || missing+=(chromium)
for python in python3 /usr/bin/python3; do "$python" -c "import jinja2" 2>/dev/null && jinja=yes; done
[ -n "${jinja:-}" ] || missing+=(python3-jinja2)
[ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ] || missing+=(fonts-liberation)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    say "Missing: ${missing[*]} (Debian's names). Install them with this system's package manager and start again."
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    say "Missing: ${missing[*]}. Run this, then start again:"
    say "  sudo apt-get install --no-install-recommends ${missing[*]}"
    exit 1
fi
say "installing ${missing[*]}"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    say "apt-get could not install: ${missing[*]} (its last lines stand above, the rest in $log)."
    exit 1
fi
rm -f "$log"
