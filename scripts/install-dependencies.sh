#!/usr/bin/env bash
# Installs from Debian what building and running Rer needs and this machine lacks; says nothing where nothing is missing.
# Usage: scripts/install-dependencies.sh [--tests]      --tests: also what the browser tests need
# Without root, or without apt, it names what to install instead, and fails.
# LIBTORCH=FOLDER, or a python3 on PATH that can import torch, stands in for Debian's libtorch.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# The .NET SDK is not in Debian: it is the one thing that must stand on the machine already.
if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    say "Rer needs the .NET 10 SDK: 'dotnet --list-sdks' shows none. Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and put dotnet on PATH."
    exit 1
fi

# A torch without its headers is of no use to the build.
has_headers='import os, sys, torch; sys.exit(not os.path.exists(os.path.dirname(torch.__file__) + "/include/ATen/ATen.h"))'
own_libtorch() { [ -n "${LIBTORCH:-}" ] || python3 -c "$has_headers" >/dev/null 2>&1; }

missing=()
command -v cmake >/dev/null || missing+=(cmake)
command -v g++ >/dev/null || missing+=(g++)
command -v make >/dev/null || missing+=(make)
if [ -n "${LIBTORCH:-}" ]; then
    [ -d "$LIBTORCH/lib" ] || { say "LIBTORCH=$LIBTORCH: no such libtorch; the folder must hold include/ and lib/."; exit 1; }
elif ! own_libtorch; then
    if ! command -v dpkg-query >/dev/null; then
        say "No libtorch found. Download one (CPU or CUDA, C++11 ABI), unpack it and set LIBTORCH to its folder, or put a python3 with torch on PATH."
        exit 1
    fi
    installed libtorch-dev || missing+=(libtorch-dev)
    # libtorch runs its own OpenMP threads; OpenBLAS must share them (see below).
    installed libopenblas0-openmp || missing+=(libopenblas0-openmp)
fi
if [ "${1:-}" = --tests ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    python3 -c "import jinja2" 2>/dev/null || missing+=(python3-jinja2)
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ] || missing+=(fonts-liberation)
fi

if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        say "Missing: ${missing[*]} (Debian's names). Install them with this system's package manager and start again."
        say "Where there is no libtorch package, set LIBTORCH to an unpacked libtorch, or put a python3 with torch on PATH."
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
fi

# OpenBLAS built on pthreads spins against libtorch's OpenMP threads and is 3 to 5 times slower than the OpenMP build.
if ! own_libtorch && command -v update-alternatives >/dev/null; then
    for name in libblas.so.3 liblapack.so.3 libopenblas.so.0; do
        for link in /usr/lib/*/"$name"; do
            [ -L "$link" ] && [[ $(readlink -f "$link") == */openblas-pthread/* ]] || continue
            folder=$(dirname "$link")
            group=$name-$(basename "$folder")
            openmp=$folder/openblas-openmp/$name
            if [ "$(id -u)" -eq 0 ] && update-alternatives --set "$group" "$openmp" >/dev/null 2>&1; then
                say "$name: switched from OpenBLAS on pthreads to OpenBLAS on OpenMP (update-alternatives --auto $group undoes it)"
            else
                say "$name is OpenBLAS on pthreads, which is 3 to 5 times slower under libtorch. To switch: sudo update-alternatives --set $group $openmp"
            fi
        done
    done
fi
