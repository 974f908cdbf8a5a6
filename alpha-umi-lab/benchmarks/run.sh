#!/bin/sh
# Measures umi beside llama.cpp and onnxruntime-genai on the same weights and prints the ratios.
#
#   benchmarks/run.sh MODEL [WORK]
#
# MODEL  a folder with SmolLM2-135M-Instruct.Q4_1.gguf and adapter/ in it
# WORK   where packages, models and figures are kept (default: build folder of this module)
#
# THREADS=2 ROUNDS=3 JAVA_OPTS= UMI_FORMAT_SMALL=INT8 UMI_FORMAT_LARGE=INT4 are the defaults.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
model=$(cd "$1" && pwd)
work=${2:-$here/../target/benchmarks}
threads=${THREADS:-2}
rounds=${ROUNDS:-3}
umi=$here/../target/umi.jar
gguf=$model/SmolLM2-135M-Instruct.Q4_1.gguf

mkdir -p "$work"
work=$(cd "$work" && pwd)
cd "$work"

if [ ! -x venv/bin/python ]; then
  python3 -m venv venv
fi
venv/bin/python -c 'import gguf, onnx, onnxruntime_genai' 2>/dev/null ||
  venv/bin/pip install -q -r "$here/requirements.txt"
mkdir -p node
cp "$here/package.json" "$here/llama.mjs" node/
[ -d node/node_modules/node-llama-cpp ] || (cd node && npm install --ignore-scripts --silent)
venv/bin/python "$here/models.py" "$gguf" models --threads "$threads"

echo "load before: $(uptime)"

# Peers and umi take turns, so that a slow minute of the machine does not fall on one of them.
: >small.jsonl
: >large.jsonl
: >umi.jsonl
turn=1
while [ "$turn" -le 2 ]; do
  echo "peers, turn $turn of 2"
  (cd node && node llama.mjs "$gguf" "llama.cpp Q4_1" "$threads" "$rounds") >>small.jsonl
  venv/bin/python "$here/genai.py" models/smol-genai "genai int4 b32" "$rounds" >>small.jsonl
  venv/bin/python "$here/genai.py" models/smol-genai-8bit "genai int8 b32" "$rounds" >>small.jsonl
  (cd node && node llama.mjs ../models/tiny-q4_0.gguf "llama.cpp Q4_0" "$threads" "$rounds") >>large.jsonl
  venv/bin/python "$here/genai.py" models/tiny-genai "genai int4 b32" "$rounds" >>large.jsonl
  turn=$((turn + 1))
done

bench() {
  # shellcheck disable=SC2086
  java ${JAVA_OPTS:-} "-Dalpha.umi.cache=$work/cache" -jar "$umi" bench "$@" --threads "$threads" --repetitions "$rounds"
}

echo
echo "== the embedded model"
bench "$model" --format "${UMI_FORMAT_SMALL:-INT8}" --peers small.jsonl
echo
echo "== TinyLlama-1.1B's shape with random weights"
bench models/tiny-f16.gguf --format "${UMI_FORMAT_LARGE:-INT4}" --lengths 128,512 --peers large.jsonl
echo
echo "load after: $(uptime)"
