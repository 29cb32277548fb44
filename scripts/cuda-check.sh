#!/usr/bin/env bash
# Checks Rer on a Linux machine that has an NVIDIA GPU and a Python torch, but no .NET and no network.
#   scripts/cuda-check.sh pack [FILE]     here: packs the check program with its runtime, the binding's source and the fixtures
#   scripts/cuda-check.sh run [options]   there, in the unpacked folder: builds the binding against that torch and runs the checks;
#                                         where transformers and peft are, the same work by them after it, to compare
# Options of run: --device cpu checks without a GPU; --small takes a model of a few thousand parameters in place of half a billion;
# --no-cmake builds with the compiler alone, as is done where there is no CMake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

limit=$((60 * 1000 * 1000)) # bytes, compressed: what travels easily

pack() {
    local file=${1:-artifacts/rer-cuda-check.tar.gz}
    mkdir -p "$(dirname "$file")"
    local stage
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' RETURN

    # The tree has the repository's shape, so that the tests find their fixtures as they do here.
    local rer=$stage/rer-cuda-check/rer
    mkdir -p "$rer/scripts" "$rer/src/Rer.Torch" "$rer/data"
    cp Rer.sln "$rer/"
    cp scripts/cuda-check.sh scripts/build-native.sh "$rer/scripts/"
    cp -r src/Rer.Torch/native "$rer/src/Rer.Torch/"
    cp tests/Rer.DeviceCheck/peer.py "$rer/scripts/"
    cp -r data/playground "$rer/data/"
    # In folders of its own: what `dotnet build` made for this machine stays as it is.
    DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish tests/Rer.DeviceCheck -c Release -r linux-x64 --self-contained \
        --artifacts-path artifacts/cuda-check -o "$rer/check" -m:2 -v quiet --nologo >"$stage/publish.log" 2>&1 </dev/null || { tail -n 30 "$stage/publish.log" >&2; exit 1; }
    # What only debuggers read.
    rm -f "$rer"/check/*.pdb "$rer"/check/*.xml "$rer"/check/libmscordaccore.so "$rer"/check/libmscordbi.so "$rer"/check/createdump

    # The fixtures stand beside the repository or in a folder above it; without them the parity suites are skipped there.
    local folder=$PWD shared=
    while [ "$folder" != / ] && [ -z "$shared" ]; do
        folder=$(dirname "$folder")
        [ -d "$folder/shared/fixtures" ] && shared=$folder/shared
    done
    if [ -n "$shared" ]; then
        mkdir -p "$stage/rer-cuda-check/shared/fixtures"
        for part in models adapter ppo; do cp -r "$shared/fixtures/$part" "$stage/rer-cuda-check/shared/fixtures/"; done
    else
        echo "no shared/fixtures above $PWD: the parity suites will be skipped on the target" >&2
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

# The binding, by CMake where it is there, else by the compiler alone.
build() {
    if [[ " $* " != *" --no-cmake "* ]] && command -v cmake >/dev/null && command -v make >/dev/null; then
        scripts/build-native.sh
        return
    fi
    local torch=${LIBTORCH:-} folder libraries strings
    [ -n "$torch" ] || torch=$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2>/dev/null) || torch=/usr
    if [ ! -f "$torch/include/ATen/ATen.h" ]; then
        echo "No libtorch in $torch: put a python3 with torch on PATH, or set LIBTORCH to a folder with libtorch's include/ and lib/." >&2
        exit 1
    fi
    libraries=$(dirname "$(find -L "$torch/lib" -name libc10.so -print -quit)")
    # libstdc++ has two string types; libtorch's own symbols say which one it was built with.
    if grep -q __cxx11 "$libraries/libc10.so"; then strings=1; else strings=0; fi
    # As CMakeLists.txt has it: later versions of libtorch's headers want C++20, earlier ones do not take it.
    local standard=c++17 header
    for header in "$torch"/include/torch/{headeronly,csrc/api/include/torch,.}/version.h; do
        [ -f "$header" ] && awk '/define TORCH_VERSION_MAJOR/ { major = $3 } /define TORCH_VERSION_MINOR/ { minor = $3 }
            END { exit !(major * 100 + minor >= 206) }' "$header" && standard=c++20
    done
    local options
    options=$(sed -n 's/^target_compile_options(rer_torch PRIVATE \(.*\))$/\1/p' src/Rer.Torch/native/CMakeLists.txt)
    # shellcheck disable=SC2206 # one option a word
    local flags=("-std=$standard" -fPIC -shared $options "-D_GLIBCXX_USE_CXX11_ABI=$strings" -I src/Rer.Torch/native
        "-L$libraries" "-Wl,-rpath,$libraries" -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10 -ldl)
    # The compiler knows /usr/include, and takes it amiss when told.
    [ "$torch" = /usr ] || flags=("-isystem$torch/include" "${flags[@]}")
    flags=("-isystem$torch/include/torch/csrc/api/include" "${flags[@]}")
    local without=("${flags[@]}")
    if [ -f "$libraries/libtorch_cuda.so" ]; then
        flags+=(-ltorch_cuda -lc10_cuda)
        without=("${flags[@]}")
        # Headers and runtime come with a toolkit, or with the packages that a Python torch brings along.
        local headers runtime
        headers=$(find -L "${CUDA_HOME:-/usr/local/cuda}/include" "$torch"/../nvidia/*/include -maxdepth 1 -name cuda_runtime_api.h -print -quit 2>/dev/null || true)
        runtime=$(find -L "${CUDA_HOME:-/usr/local/cuda}/lib64" "$torch"/../nvidia/*/lib "$libraries" -maxdepth 1 -name 'libcudart*.so*' -print -quit 2>/dev/null || true)
        if [ -n "$headers" ] && [ -n "$runtime" ]; then
            flags+=(-DRER_CUDA "-I$(dirname "$headers")" "$runtime" "-Wl,-rpath,$(dirname "$runtime")")
        fi
    fi
    folder=$PWD/.native/by-hand
    mkdir -p "$folder"
    # One translation unit: most of the time goes into libtorch's headers.
    (cd src/Rer.Torch/native && printf '#include "%s"\n' rer_torch.cpp kernels/*.cpp) >"$folder/all.cpp"
    compile() { g++ "$folder/all.cpp" -o "$folder/librer_torch.so" "$@" 2>"$folder/build.log"; }
    if ! compile "${flags[@]}"; then
        [ ${#flags[@]} -gt ${#without[@]} ] || { tail -n 40 "$folder/build.log" >&2; exit 1; }
        echo "the CUDA headers did not serve ($folder/build.log): building without memory statistics and graphs"
        mv "$folder/build.log" "$folder/build-cuda.log"
        compile "${without[@]}" || { tail -n 40 "$folder/build.log" >&2; exit 1; }
    fi
    ln -sfn by-hand .native/current
    echo "built $folder/librer_torch.so against $torch, without CMake"
}

run() {
    if [ ! -x check/Rer.DeviceCheck ]; then
        echo "There is no check/Rer.DeviceCheck in $PWD: 'run' works in the folder that 'pack' packed." >&2
        exit 1
    fi
    build "$@"
    local failed=0
    check/Rer.DeviceCheck "$@" || failed=$?
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
