#!/bin/sh
# Trains all models of this folder, one after the other; what is done is passed over, and what was killed goes on.
#
#   PROCESSES=8 PYTHON=python3 ./run.sh [--set KEY=VALUE ...]
#
# PROCESSES is the number of GPUs, or of processes on the CPU. Settings go to every run.
set -eu
cd "$(dirname "$0")"
for run in {runs}; do
  if [ -d "models/$run" ]; then
    echo "$run: models/$run is there"
  else
    "${PYTHON:-python3}" -m torch.distributed.run --standalone --nproc_per_node "${PROCESSES:-8}" \
      train.py "runs/$run.json" "$@"
  fi
done
