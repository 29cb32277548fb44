#!/usr/bin/env bash
# Builds the native binding, the command line and the dashboard (Release), unless nothing changed since the last time.
# Everything it says goes to standard error: `rer` calls it in pipes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p artifacts

# Two starts at once (two ends of a pipe) must not build into the same folders.
if command -v flock >/dev/null; then exec 9>artifacts/build.lock; flock 9; fi

# Path, size and time of every file that goes into the build, and the libtorch that was asked for.
stamp() {
    {
        echo "${LIBTORCH:-}"
        find ./*.props global.json src wwwroot scripts/build-native.sh \
            \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' | sort
    } | sha256sum
}

now=$(stamp)
outputs=(src/Rer.Cli/bin/Release/net10.0/rer.dll src/Rer.Web/bin/Release/net10.0/Rer.Web.dll)
if [ "$now" = "$(cat artifacts/build.stamp 2>/dev/null)" ] && [ -f "${outputs[0]}" ] && [ -f "${outputs[1]}" ]; then exit 0; fi

{
    scripts/install-dependencies.sh
    scripts/build-native.sh
    echo "building Rer (the first time takes a minute or two)"
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    for project in src/Rer.Cli src/Rer.Web; do
        # The compiler's server outlives the build: without 9>&- it would go on holding the lock.
        if ! dotnet build "$project" -c Release -m:2 -v quiet >artifacts/build.log 2>&1 </dev/null 9>&-; then
            grep -E 'error|warning' artifacts/build.log | sort -u | head -n 40 || true
            echo "$project did not build; the whole log is artifacts/build.log"
            exit 1
        fi
    done
} >&2
echo "$now" >artifacts/build.stamp
