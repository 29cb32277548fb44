#!/usr/bin/env bash
# Builds what changed and starts the dashboard, which prints its address: `dotnet run --project src/Rer.Web -c Release`, quicker.
# Usage: ./run.sh [options of the dashboard]      ./run.sh --help lists them
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
"$root/scripts/build.sh" src/Rer.Web Rer.Web
exec dotnet "$root/src/Rer.Web/bin/Release/net10.0/Rer.Web.dll" "$@"
