"""The peer of `umi train glpft`: the same packs, network, LoRA, AdamW and accumulation in plain PyTorch.

    umi train glpft CONFIG.json --packs packs.jsonl      # the packs and settings of its first stage
    python train.py MODEL packs.jsonl

MODEL is a Hugging Face folder or a .gguf file. Workers are processes with as many threads each as the settings say;
their gradients are summed up. Prints loss and tokens per second of each update and, at the end, the median.
"""

import json
import math
import os
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as processes
import torch.nn.functional as F

TARGETS = {
    "q": "self_attn.q_proj",
    "k": "self_attn.k_proj",
    "v": "self_attn.v_proj",
    "o": "self_attn.o_proj",
    "gate": "mlp.gate_proj",
    "up": "mlp.up_proj",
    "down": "mlp.down_proj",
}


class Llama:
    """A decoder of the llama family with frozen weights and an adapter, over one pack at a time."""

    def __init__(self, model, options):
        from transformers import AutoModelForCausalLM

        path = Path(model)
        gguf = path.suffix == ".gguf"
        loaded = AutoModelForCausalLM.from_pretrained(
            path.parent if gguf else path, dtype=torch.float32, **({"gguf_file": path.name} if gguf else {})
        )
        self.config = loaded.config
        self.weights = {name: tensor.detach() for name, tensor in loaded.state_dict().items()}
        self.head = self.weights.get("lm_head.weight", self.weights["model.embed_tokens.weight"])
        self.frequencies = loaded.model.rotary_emb.inv_freq
        self.options = options
        lora = options["lora"]
        self.scale = lora["alpha"] / lora["rank"]
        self.adapter = {}
        generator = torch.Generator().manual_seed(options["seed"])
        layers = lora["layers"] if lora["layers"] is not None else range(self.config.num_hidden_layers)
        for layer in layers:
            for target in lora["targets"]:
                name = f"model.layers.{layer}.{TARGETS[target]}"
                rows, columns = self.weights[name + ".weight"].shape
                a = torch.randn(lora["rank"], columns, generator=generator) / math.sqrt(columns)
                self.adapter[name] = (a.requires_grad_(), torch.zeros(rows, lora["rank"]).requires_grad_())

    def parameters(self):
        return [matrix for pair in self.adapter.values() for matrix in pair]

    def linear(self, name, x):
        y = F.linear(x, self.weights[name + ".weight"], self.weights.get(name + ".bias"))
        if name in self.adapter:
            a, b = self.adapter[name]
            y = y + F.linear(F.linear(x, a), b) * self.scale
        return y

    def norm(self, name, x):
        return F.rms_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.config.rms_norm_eps)

    def loss(self, pack):
        """Sum of the weighted losses of a pack's turns."""
        tokens = torch.tensor(pack["tokens"])
        angles = torch.tensor(pack["positions"])[:, None].float() * self.frequencies
        turn = (angles.cos()[:, None], angles.sin()[:, None])
        stretches = self.stretches(pack["branches"])
        x = self.weights["model.embed_tokens.weight"][tokens]
        for layer in range(self.config.num_hidden_layers):
            x = self.layer(f"model.layers.{layer}.", x, turn, stretches)
        spans = [(range(start, end), weight) for start, end, weight in pack["learn"]]
        places = torch.tensor([at - 1 for span, _ in spans for at in span])
        wanted = torch.tensor([pack["tokens"][at] for span, _ in spans for at in span])
        scales = torch.tensor([weight for span, weight in spans for _ in span])
        x = self.norm("model.norm", x[places])
        head = self.head
        if self.options["headTokens"]:
            known = torch.unique(torch.cat([torch.arange(self.options["headTokens"]), wanted]))
            head, wanted = head[known], torch.searchsorted(known, wanted)
        return (F.cross_entropy(F.linear(x, head), wanted, reduction="none") * scales).sum()

    @staticmethod
    def stretches(branches):
        """The shared beginning and each branch: from, to, and what a branch does not see."""
        found, start = [], 0
        for at in range(1, len(branches) + 1):
            if at == len(branches) or branches[at] != branches[start]:
                found.append((start, at))
                start = at
        beginning = found[0][1] if branches[0] == 0 else 0
        return [
            (start, end, None)
            if branches[start] == 0 or not beginning
            else (start, end, torch.ones(end - start, beginning + end - start, dtype=torch.bool).tril(beginning))
            for start, end in found
        ]

    def layer(self, name, x, turn, stretches):
        config = self.config
        size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        y = self.norm(name + "input_layernorm", x)
        q = self.turned(self.linear(name + TARGETS["q"], y).view(len(y), -1, size), turn)
        k = self.turned(self.linear(name + TARGETS["k"], y).view(len(y), -1, size), turn)
        v = self.linear(name + TARGETS["v"], y).view(len(y), -1, size)
        beginning = stretches[0][1]
        parts = []
        for start, end, mask in stretches:
            keys, values = k[start:end], v[start:end]
            if mask is not None:
                keys, values = torch.cat([k[:beginning], keys]), torch.cat([v[:beginning], values])
            parts.append(
                F.scaled_dot_product_attention(
                    q[start:end].transpose(0, 1)[None],
                    keys.transpose(0, 1)[None],
                    values.transpose(0, 1)[None],
                    attn_mask=mask,
                    is_causal=mask is None,
                    enable_gqa=True,
                )[0].transpose(0, 1)
            )
        x = x + self.linear(name + TARGETS["o"], torch.cat(parts).flatten(1))
        y = self.norm(name + "post_attention_layernorm", x)
        gated = F.silu(self.linear(name + TARGETS["gate"], y)) * self.linear(name + TARGETS["up"], y)
        return x + self.linear(name + TARGETS["down"], gated)

    @staticmethod
    def turned(x, turn):
        cosine, sine = turn
        first, second = x.chunk(2, dim=-1)
        return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def learning_rate(tokens, options):
    end = options["decayTokens"] or options["tokens"]
    warm = options["warmup"] * end
    if tokens < warm:
        return options["learningRate"] * tokens / warm
    share = min(1, (tokens - warm) / (end - warm)) if warm < end else 1
    low = options["finalLearningRate"]
    return low + (options["learningRate"] - low) * (1 + math.cos(math.pi * share)) / 2


def work(rank, workers, model, options, packs, port):
    torch.set_num_threads(options["threads"])
    torch.set_flush_denormal(True)
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    dist.init_process_group("gloo", rank=rank, world_size=workers)
    network = Llama(model, options)
    parameters = network.parameters()
    optimizer = torch.optim.AdamW(
        parameters,
        lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
        weight_decay=options["weightDecay"],
    )
    tokens, at, rates = 0, 0, []
    while tokens < options["tokens"] and at < len(packs):
        started = time.perf_counter()
        update = []
        while at < len(packs) and sum(len(pack["tokens"]) for pack in update) < options["tokensPerUpdate"]:
            update.append(packs[at])
            at += 1
        weight = sum((end - start) * scale for pack in update for start, end, scale in pack["learn"])
        total = torch.zeros(())
        for pack in update[rank::workers]:
            loss = network.loss(pack)
            loss.backward()
            total += loss.detach()
        gradient = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters] + [total[None]])
        dist.all_reduce(gradient)
        gradient /= weight
        offset = 0
        for parameter in parameters:
            parameter.grad = gradient[offset : offset + parameter.numel()].view_as(parameter)
            offset += parameter.numel()
        torch.nn.utils.clip_grad_norm_(parameters, options["clip"])
        here = sum(len(pack["tokens"]) for pack in update)
        tokens += here
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(tokens, options)
        optimizer.step()
        optimizer.zero_grad()
        rates.append(here / (time.perf_counter() - started))
        if rank == 0:
            print(f"{len(rates)} tokens {tokens} loss {gradient[-1].item():.4f} {rates[-1]:.1f} tokens/s", flush=True)
    if rank == 0:
        # The first updates are slow everywhere: memory is fetched, code is compiled.
        print(f"median {statistics.median(rates[len(rates) // 4 :]):.1f} tokens/s")
    dist.destroy_process_group()


def main():
    model, file = sys.argv[1:]
    with open(file) as lines:
        options = json.loads(next(lines))
        packs = [json.loads(line) for line in lines]
    if options["lora"] is None or options["precision"] != "fp32":
        raise SystemExit("this peer trains adapters in fp32 only")
    workers = options["workers"] or max(1, os.cpu_count() // options["threads"])
    # Memory that is given back has to be fetched again, which is slow on virtual machines.
    os.environ |= {"OMP_NUM_THREADS": str(options["threads"]), "MALLOC_TRIM_THRESHOLD_": "100000000000"}
    os.environ |= {"MALLOC_MMAP_THRESHOLD_": "100000000000"}
    processes.set_start_method("spawn")
    processes.spawn(work, (workers, model, options, packs, 29533), nprocs=workers)


if __name__ == "__main__":
    main()
