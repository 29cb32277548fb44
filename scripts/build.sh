#!/usr/bin/env bash
# Builds one program (Release), unless nothing changed since the last time: as `dotnet build PROJECT -c Release`, in a tenth of a second.
# Usage: scripts/build.sh PROJECT ASSEMBLY      Everything it says goes to standard error: `rer` calls it in pipes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$1
output=$project/bin/Release/net10.0/$2
name=$(basename "$project")
log=artifacts/build-$name.log
stamp=artifacts/build-$name.stamp
mkdir -p artifacts

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    echo "Rer needs the .NET 10 SDK: 'dotnet --list-sdks' shows none." >&2
    echo "Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and put dotnet on PATH." >&2
    exit 1
fi
cuda=$(scripts/cuda-property.sh)

# Two starts at once (two ends of a pipe) must not build into the same folders.
if command -v flock >/dev/null; then exec 9>artifacts/build.lock; flock 9; fi

# What goes into the build, by its content, and what came out: another build may have put other packages there.
now=$({
    echo "$cuda"
    find ./*.props ./*.targets global.json build src wwwroot \( -name bin -o -name obj \) -prune -o -type f -exec cksum {} +
} | sort | cksum)
built() { echo "$now $(cksum "$output.deps.json" 2>/dev/null)"; }
if [ -f "$output.dll" ] && [ "$(built)" = "$(cat "$stamp" 2>/dev/null)" ]; then exit 0; fi

echo "building $name (the first time takes a minute or two, and fetches libtorch)" >&2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# The compiler's server outlives the build: without 9>&- it would go on holding the lock.
if ! dotnet build "$project" -c Release "$cuda" -m:2 -v quiet >"$log" 2>&1 </dev/null 9>&-; then
    { grep -E 'error|warning' "$log" | sort -u | head -n 40 || true; } >&2
    echo "$project did not build; the whole log is $log" >&2
    exit 1
fi
built >"$stamp"
