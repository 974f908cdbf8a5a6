"""onnxruntime-genai: python genai.py FOLDER LABEL REPETITIONS >> peers.jsonl

One JSON object a line, as `umi bench --peers` reads them. The number of threads is in the folder's genai_config.json.
"""

import json
import sys
import time

import numpy as np
import onnxruntime_genai as og

LENGTHS = [128, 512]
CONTEXTS = [32, 512]
TOKENS = 64

folder, label, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
model = og.Model(folder)
random = np.random.default_rng(1)


def generator():
    parameters = og.GeneratorParams(model)
    parameters.set_search_options(max_length=1024, min_length=1024, do_sample=False)
    return og.Generator(model, parameters)


def ids(length):
    return random.integers(100, 30000, length).astype(np.int32)


def prefill(length):
    made, prompt = generator(), ids(length)
    start = time.perf_counter()
    made.append_tokens(prompt)
    return length / (time.perf_counter() - start)


def decode(before):
    made = generator()
    made.append_tokens(ids(before))
    made.generate_next_token()
    start = time.perf_counter()
    for _ in range(TOKENS):
        made.generate_next_token()
    return TOKENS / (time.perf_counter() - start)


rows = {}
for turn in range(-1, repetitions):
    for kind, measure, sizes in (("prefill", prefill, LENGTHS), ("decode after", decode, CONTEXTS)):
        for size in sizes:
            rate = measure(size)
            if turn >= 0:
                rows.setdefault(f"{kind} {size}", []).append(rate)
for metric, values in rows.items():
    print(json.dumps({"engine": label, "metric": metric, "unit": "tokens/s", "values": values}))
