#!/usr/bin/env bash
# Installs what is missing, builds what changed, and starts the dashboard, which prints its address.
# Usage: ./run.sh [options of the dashboard]      ./run.sh --help lists them
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
"$root/scripts/build.sh"

dashboard=(dotnet "$root/src/Rer.Web/bin/Release/net10.0/Rer.Web.dll" "$@")
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || ! command -v xdg-open >/dev/null; then exec "${dashboard[@]}"; fi

# There is a display: open a browser when the dashboard says where it listens.
exec "${dashboard[@]}" > >(while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ $line =~ ^Rer:\ (http[^,\ ]+) ]]; then xdg-open "${BASH_REMATCH[1]}" >/dev/null 2>&1 || true; fi
done)
