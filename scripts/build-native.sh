#!/usr/bin/env bash
# Builds librer_torch.so, the binding over libtorch, into .native/KEY/ under the repository root, where the .NET side
# finds it through .native/current. Which libtorch: $LIBTORCH (a folder with include/ and lib/), else a Python torch on
# PATH, else the system's (Debian: libtorch-dev). Nothing is done where the library is newer than its source.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
source_folder="$root/src/Rer.Torch/native"

for tool in cmake g++ make; do
    command -v "$tool" > /dev/null || { echo "build-native: $tool is missing. On Debian: apt-get install cmake g++ make libtorch-dev" >&2; exit 1; }
done

libtorch="${LIBTORCH:-}"
if [ -z "$libtorch" ]; then
    for python in python3 python; do
        found=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2> /dev/null) || continue
        if [ -f "$found/include/ATen/ATen.h" ]; then libtorch="$found"; break; fi
    done
fi
libtorch="${libtorch:-/usr}"
if [ ! -f "$libtorch/include/ATen/ATen.h" ]; then
    echo "build-native: no libtorch in $libtorch (looked for include/ATen/ATen.h)." >&2
    echo "  On Debian: apt-get install libtorch-dev libopenblas0-openmp. Elsewhere: set LIBTORCH to libtorch's folder." >&2
    exit 1
fi
libtorch=$(cd "$libtorch" && pwd)

for header in "$libtorch/include/torch/headeronly/version.h" "$libtorch/include/torch/version.h" "$libtorch/include/torch/csrc/api/include/torch/version.h"; do
    if [ -f "$header" ]; then
        version=$(sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\).*/\2/p' "$header" | paste -sd.)
        break
    fi
done
key="torch-${version:-unknown}-$(printf '%s' "$libtorch" | cksum | cut -d' ' -f1)"
target="$root/.native/$key"
library="$target/librer_torch.so"
echo "build-native: libtorch ${version:-of unknown version} in $libtorch"

if [ ! -f "$library" ] || [ -n "$(find "$source_folder" -type f -newer "$library" -print -quit)" ]; then
    # What cmake found for a copy of this folder elsewhere is of no use here.
    grep -qsx "CMAKE_HOME_DIRECTORY:INTERNAL=$source_folder" "$target/build/CMakeCache.txt" || rm -rf "$target/build"
    mkdir -p "$target/build"
    if ! { cmake -S "$source_folder" -B "$target/build" -DLIBTORCH="$libtorch" && cmake --build "$target/build"; } > "$target/build.log" 2>&1; then
        tail -n 40 "$target/build.log" >&2
        echo "build-native: failed; the whole log is $target/build.log" >&2
        exit 1
    fi
    # Renamed into place, so that a process starting meanwhile finds the old library or the new one, never half of one.
    cp "$target/build/librer_torch.so" "$library.new"
    mv "$library.new" "$library"
    echo "build-native: built $library"
else
    echo "build-native: $library is up to date"
fi
ln -sfn "$key" "$root/.native/current"
