"""Compares umi with transformers (and peft) on one model: python check_adapter.py MODEL [--adapter FOLDER] [...]

MODEL is a Hugging Face folder or a .gguf file, the adapter a folder in PEFT's form. Both read the same random token
ids in 32 bits and go on greedily. What is compared: the log-probability of every token that was read, and what was
written. Exits with 1 if the largest difference is above the tolerance.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model", type=Path)
parser.add_argument("--adapter", type=Path)
parser.add_argument("--umi", default="java -jar alpha-umi-lab/target/umi.jar", help="command line of umi")
parser.add_argument("--format", default="fp32", help="weights of umi in memory")
parser.add_argument("--prompts", type=int, default=4)
parser.add_argument("--length", type=int, default=200)
parser.add_argument("--tokens", type=int, default=32, help="how many are written")
parser.add_argument("--tolerance", type=float, default=1e-3, help="of log-probabilities")
options = parser.parse_args()

gguf = options.model.suffix == ".gguf"
model = AutoModelForCausalLM.from_pretrained(
    options.model.parent if gguf else options.model,
    dtype=torch.float32,
    **({"gguf_file": options.model.name} if gguf else {}),
)
if options.adapter:
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, options.adapter)
model.eval()

# The first ids are control tokens in most vocabularies, and nothing is to be learnt from those.
draw = random.Random(1)
words = model.config.vocab_size
prompts = [[draw.randrange(min(10, words // 2), words) for _ in range(options.length)] for _ in range(options.prompts)]
command = [*options.umi.split(), "model", "generate", str(options.model), "--format", options.format, "--json", "--logprobs"]
command += ["--max-tokens", str(options.tokens)]
command += ["--adapter", str(options.adapter)] if options.adapter else []
for ids in prompts:
    command += ["--ids", ",".join(map(str, ids))]
answers = [json.loads(line) for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()]

largest, compared, written, agreeing = 0.0, 0, 0, 0
for ids, answer in zip(prompts, answers, strict=True):
    assert answer["prompt_ids"] == ids
    # umi's own continuation is read by transformers, too, so that one near tie does not spoil what follows.
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids + answer["ids"]])).logits[0].double()
    expected = logits.log_softmax(-1)
    # umi's are of what may be written; that of the tokens it read is over the whole vocabulary.
    for at in range(1, len(ids)):
        largest = max(largest, abs(expected[at - 1, ids[at]].item() - answer["prompt_logprobs"][at]))
        compared += 1
    for at, token in enumerate(answer["ids"]):
        written += 1
        agreeing += int(logits[len(ids) + at - 1].argmax().item() == token)
print(f"{compared} log-probabilities, largest difference {largest:.2e}; {agreeing} of {written} written tokens are the likeliest")
sys.exit(largest > options.tolerance)
