#!/usr/bin/env bash
# Installs what is missing, builds what changed, and starts the dashboard on this machine alone.
# Usage: ./run.sh [options of the dashboard ...]      --urls http://127.0.0.1:8080 sets the address; ./run.sh --help lists the rest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
scripts/build.sh

address=
for ((i = 1; i <= $#; i++)); do
    case ${!i} in
        --urls) j=$((i + 1)); address=${!j:-} ;;
        --urls=*) address=${!i#--urls=} ;;
        -h | --help) exec dotnet src/Rer.Web/bin/Release/net10.0/Rer.Web.dll "$@" ;;
    esac
done

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
given=("$@")
if [ -z "$address" ]; then
    port=5080
    while listening "$port"; do port=$((port + 1)); done
    address=http://127.0.0.1:$port
    given+=(--urls "$address")
fi
echo "Rer: $address"

# A browser, once the server answers and where there is a display to show one on.
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null && [[ $address =~ :([0-9]+)/?$ ]]; then
    (
        for _ in $(seq 100); do
            if listening "${BASH_REMATCH[1]}"; then exec xdg-open "$address" >/dev/null 2>&1; fi
            sleep 0.2
        done
    ) &
fi
exec dotnet src/Rer.Web/bin/Release/net10.0/Rer.Web.dll "${given[@]}"
