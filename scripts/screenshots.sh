#!/usr/bin/env bash
# Takes pictures of every page of the dashboard, light and dark, 1440 and 390 pixels wide, on invented runs.
# scripts/screenshots.sh [FOLDER]: into docs/screenshots by default. RER_SCREENSHOTS_ONLY=run,runs takes those pages alone.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export RER_SCREENSHOTS=${1:-$root/docs/screenshots}
"$root/scripts/install-dependencies.sh"
dotnet build "$root/tests/Rer.Web.Tests" -c Release "$("$root/scripts/cuda-property.sh")" -v quiet -nologo
dotnet test "$root/tests/Rer.Web.Tests" -c Release --no-build --nologo --filter "FullyQualifiedName~Screenshots"
ls "$RER_SCREENSHOTS" | wc -l | sed 's/$/ pictures/'
