#!/usr/bin/env bash
# Prints the build's property for the GPU: -p:Cuda=true where an NVIDIA driver answers, else -p:Cuda=false. RER_CUDA=1 or 0 decides instead.
case ${RER_CUDA:-} in
    1) cuda=true ;;
    0) cuda=false ;;
    '') if command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; then cuda=true; else cuda=false; fi ;;
    *) echo "RER_CUDA=$RER_CUDA: 1 builds for an NVIDIA GPU, 0 for the CPU alone; unset, the driver is asked." >&2; exit 1 ;;
esac
echo "-p:Cuda=$cuda"
