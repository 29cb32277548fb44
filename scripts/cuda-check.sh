#!/usr/bin/env bash
# Checks Rer on a Linux machine that has an NVIDIA GPU and a Python torch, but no .NET and no network.
#   scripts/cuda-check.sh pack [FILE]     here: packs the check program with its runtime and the fixtures, without libtorch
#   scripts/cuda-check.sh run [options]   there, in the unpacked folder: runs the checks on that torch's libtorch;
#                                         where transformers and peft are, the same work by them after it, to compare
# Options of run: --device cpu checks without a GPU; --small takes a model of a few thousand parameters in place of half a billion.
# LIBTORCH=FOLDER stands in for Python's torch: the folder that holds libtorch_cpu.so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

limit=$((64 * 1024 * 1024)) # bytes, compressed: what travels easily

pack() {
    local file=${1:-artifacts/rer-cuda-check.tar.gz}
    mkdir -p "$(dirname "$file")"
    local stage
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' RETURN

    # The tree has the repository's shape, so that the tests find their fixtures as they do here.
    local rer=$stage/rer-cuda-check/rer
    mkdir -p "$rer/scripts" "$rer/data"
    cp Rer.sln "$rer/"
    cp scripts/cuda-check.sh tests/Rer.DeviceCheck/peer.py "$rer/scripts/"
    cp -r data/playground "$rer/data/"
    mkdir -p "$rer/tests"
    cp -r tests/Fixtures "$rer/tests/"
    # In folders of its own: what `dotnet build` made for this machine stays as it is.
    DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish tests/Rer.DeviceCheck -c Release -r linux-x64 --self-contained -p:WithLibtorch=false \
        --artifacts-path artifacts/cuda-check -o "$rer/check" -m:2 -v quiet --nologo >"$stage/publish.log" 2>&1 </dev/null ||
        { tail -n 30 "$stage/publish.log" >&2; exit 1; }
    # What only debuggers read, and the library that tokenizers are compared with, which needs no device.
    rm -f "$rer"/check/libhf_tokenizers.so
    rm -f "$rer"/check/*.pdb "$rer"/check/*.xml "$rer"/check/libmscordaccore.so "$rer"/check/libmscordbi.so "$rer"/check/createdump

    # Others' models stand in a folder above the repository, if anywhere; without them what needs them is skipped there.
    local folder=$PWD shared=
    while [ "$folder" != / ] && [ -z "$shared" ]; do
        folder=$(dirname "$folder")
        [ -d "$folder/shared/fixtures" ] && shared=$folder/shared
    done
    if [ -n "$shared" ]; then
        mkdir -p "$stage/rer-cuda-check/shared/fixtures"
        local part entry
        for part in models adapter ppo; do
            mkdir -p "$stage/rer-cuda-check/shared/fixtures/$part"
            for entry in "$shared/fixtures/$part"/*; do
                [ -e "tests/Fixtures/$part/$(basename "$entry")" ] || cp -r "$entry" "$stage/rer-cuda-check/shared/fixtures/$part/"
            done
        done
    else
        echo "no shared/fixtures above $PWD: parity on others' models will be skipped on the target" >&2
    fi

    # The name's ending says how: .tar.gz, or .tar.xz, which is a fifth smaller and slower.
    tar -caf "$file" -C "$stage" rer-cuda-check
    local size
    size=$(stat -c %s "$file")
    if [ "$size" -gt "$limit" ]; then
        echo "$file is $size bytes, over the limit of $limit" >&2
        exit 1
    fi
    echo "$file: $((size / 1000000)) MB. On the target: tar xf $(basename "$file") && rer-cuda-check/rer/scripts/cuda-check.sh run"
}

run() {
    if [ ! -x check/Rer.DeviceCheck ]; then
        echo "There is no check/Rer.DeviceCheck in $PWD: 'run' works in the folder that 'pack' packed." >&2
        exit 1
    fi
    local libtorch=${LIBTORCH:-}
    if [ -z "$libtorch" ]; then
        libtorch=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null) || true
        python3 -c 'import torch; print("Python torch", torch.__version__)' 2>/dev/null || true
    fi
    if [ ! -f "$libtorch/libtorch_cpu.so" ]; then
        echo "No libtorch_cpu.so in '$libtorch': put a python3 with torch on PATH, or set LIBTORCH to the folder that holds it." >&2
        exit 1
    fi
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null || true

    local failed=0
    # TorchSharp's library looks for libtorch beside itself and on this path; libtorch finds CUDA's libraries by itself.
    LD_LIBRARY_PATH=$libtorch${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} check/Rer.DeviceCheck --libtorch "$libtorch" "$@" || failed=$?
    if [[ " $* " != *" --device cpu "* ]] && python3 -c 'import peft, torch, transformers' 2>/dev/null; then
        echo
        python3 scripts/peer.py || failed=$?
    fi
    return "$failed"
}

case ${1:-} in
    pack | run) "$@" ;;
    *) sed -n '2,7s/^# //p' "$0" >&2; exit 2 ;;
esac
