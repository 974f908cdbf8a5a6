"""One stage of GLPFT (arXiv 2401.07324) in plain PyTorch and transformers, on any number of processes.

    torchrun --standalone --nproc_per_node 8 train.py runs/backbone.json [--set KEY=VALUE ...]

A run is a JSON file; README.md says what its keys mean. Data are lines of token ids with the spans that are to be
learnt: the loss is taken on those tokens only. Parameters, gradients and the optimizer's state are sharded over the
processes (FSDP); with CUDA each process has one GPU, without it everything runs on the CPU.

A run that was killed goes on at its newest checkpoint when it is started again, with the same numbers as if it had
not been killed. What it makes is whole or absent.
"""

import argparse
import json
import math
import os
import shutil
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_state_dict,
    set_model_state_dict,
    set_state_dict,
)
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from transformers import AutoConfig, AutoModelForCausalLM

UNLEARNT = -100


def main():
    run = read_run()
    output = Path(run["output"])
    if output.exists():
        raise SystemExit(f"{output} exists: this run is done; delete it to train again")
    device = join_processes()
    rank, processes = dist.get_rank(), dist.get_world_size()
    micro_batches = split(run["batch"], run["micro_batch"], processes)

    train = Samples(run["train"], run["max_length"])
    held_out = Samples(run["held_out"], run["max_length"])
    updates = math.ceil(len(train) * run["epochs"] / run["batch"])
    if not updates:
        raise SystemExit(f"nothing to learn in {run['train']}")
    if run.get("max_updates"):
        updates = min(updates, run["max_updates"])
    model = sharded_model(run, device)
    optimizer = new_optimizer(model, run)

    checkpoints = Checkpoints(output.with_name(output.name + ".checkpoints"), run)
    done = checkpoints.load(model, optimizer)
    log = Log(output.with_name(output.name + ".log.jsonl"), done, updates)
    log.say(
        f"{run['name']}: {len(train)} samples, {updates} updates of {run['batch']}, {processes} processes on {device.type},"
        f" {sum(p.numel() for p in model.parameters() if p.requires_grad):,} parameters to train"
        + (f"; going on after update {done}" if done else "")
    )

    for update in range(done, updates):
        # Whatever is drawn at random in an update depends on its number only, so that a resumed run draws the same.
        torch.manual_seed(run["seed"] + update * processes + rank)
        batch = deal(train.batch(update, run["batch"], run["seed"]), micro_batches, rank, processes)
        figures = learn(model, optimizer, batch, learning_rate(update, updates, run), run, device)
        if (update + 1) % run["evaluate_every"] == 0 or update + 1 == updates:
            figures |= evaluate(model, held_out, run["micro_batch"], device)
        log.write(update + 1, figures)
        if (update + 1) % run["save_every"] == 0 and update + 1 < updates:
            checkpoints.save(update + 1, model, optimizer)

    save(model, run, output)
    log.say(f"{run['name']}: saved to {output}")
    checkpoints.delete()
    dist.destroy_process_group()


def read_run():
    parser = argparse.ArgumentParser(description="One stage of GLPFT; start it by torchrun.")
    parser.add_argument("run", help="a file of runs/")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="instead of the file's value")
    options = parser.parse_args()
    run = json.loads(Path(options.run).read_text())
    for setting in options.set:
        key, _, value = setting.partition("=")
        if key not in run:
            raise SystemExit(f"--set {setting}: no such key; there are {', '.join(run)}")
        try:
            run[key] = json.loads(value)
        except json.JSONDecodeError:
            run[key] = value
    # Paths in it are relative to the folder of this script, whatever folder it is called from. A base model may also
    # be a name on the Hugging Face hub.
    folder = Path(__file__).resolve().parent
    for key in ("train", "held_out"):
        run[key] = [str(folder / file) for file in run[key]]
    run["output"] = str(folder / run["output"])
    run["init"] = run["init"] and str(folder / run["init"])
    if run["init"] and not Path(run["init"]).exists():
        raise SystemExit(f"{run['init']} is missing: {run['name']} goes on from it, so train that first")
    return run


def join_processes():
    if "RANK" not in os.environ:
        raise SystemExit("start this by torchrun, for example: torchrun --standalone --nproc_per_node 1 train.py RUN")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
        dist.init_process_group("nccl", device_id=device)
        return device
    dist.init_process_group("gloo")
    return torch.device("cpu")


def split(batch, micro_batch, processes):
    """How many times each process works on micro_batch samples in one update."""
    if batch % (micro_batch * processes):
        raise SystemExit(
            f"a batch of {batch} cannot be dealt to {processes} processes by {micro_batch}:"
            " choose --set batch=N or --set micro_batch=N so that it is a multiple of both"
        )
    return batch // (micro_batch * processes)


class Samples:
    """Lines of files: {"ids": [...], "learn": [[from, to], ...]}. Holds their offsets; texts stay on disk."""

    def __init__(self, files, max_length):
        self.max_length = max_length
        self.places = []
        for file in files:
            with open(file, "rb") as lines:
                offset = 0
                for line in lines:
                    self.places.append((file, offset))
                    offset += len(line)
        self.open_files = {}
        self.orders = {}

    def __len__(self):
        return len(self.places)

    def batch(self, update, size, seed):
        """Every sample comes once an epoch, in an order of its own; the last batch is filled up from the next epoch."""
        return [self[self.order((seed, at // len(self)))[at % len(self)]] for at in range(update * size, (update + 1) * size)]

    def order(self, key):
        if key not in self.orders:
            seed, epoch = key
            shuffled = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed * 1000 + epoch))
            self.orders = {epochs: order for epochs, order in self.orders.items() if epochs[1] >= epoch - 1}
            self.orders[key] = shuffled.tolist()
        return self.orders[key]

    def __getitem__(self, index):
        file, offset = self.places[index]
        if file not in self.open_files:
            self.open_files[file] = open(file, "rb")
        self.open_files[file].seek(offset)
        sample = json.loads(self.open_files[file].readline())
        if len(sample["ids"]) > self.max_length:
            raise SystemExit(f"{file}: a sample of {len(sample['ids'])} tokens, and max_length is {self.max_length}")
        return sample


def deal(samples, micro_batches, rank, processes):
    """This process's part of a batch. Samples of like length work side by side, which saves padding and waiting."""
    samples = sorted(samples, key=lambda sample: len(sample["ids"]))
    size = len(samples) // micro_batches
    return [samples[at : at + size][rank::processes] for at in range(0, len(samples), size)]


def tensors(samples, device):
    length = max(len(sample["ids"]) for sample in samples)
    ids = torch.zeros(len(samples), length, dtype=torch.long)
    mask = torch.zeros(len(samples), length, dtype=torch.long)
    labels = torch.full((len(samples), length), UNLEARNT)
    for row, sample in enumerate(samples):
        tokens = torch.tensor(sample["ids"])
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
        for start, end in sample["learn"]:
            labels[row, start:end] = tokens[start:end]
    return ids.to(device), mask.to(device), labels.to(device)


def predictions(model, samples, device):
    """Logits where something is to be learnt, and what should be predicted there: [samples, places, words], [.., places]."""
    ids, mask, labels = tensors(samples, device)
    wanted = labels.roll(-1, dims=1)
    wanted[:, -1] = UNLEARNT
    # The head is the largest matrix; of a long prompt it is not applied to any token.
    places = (wanted != UNLEARNT).any(dim=0).nonzero().flatten()
    if not len(places):
        places = torch.zeros(1, dtype=torch.long, device=device)
    logits = model(input_ids=ids, attention_mask=mask, logits_to_keep=places, use_cache=False).logits
    return logits.float(), wanted[:, places]


def learnt_tokens(batch):
    return sum(end - start for samples in batch for sample in samples for start, end in sample["learn"])


def learn(model, optimizer, batch, rate, run, device):
    """One update. The loss is the mean over all learnt tokens of the batch, however it is dealt to processes."""
    started = time.perf_counter()
    model.train()
    counts = torch.tensor(
        [learnt_tokens(batch), sum(len(sample["ids"]) for samples in batch for sample in samples)],
        dtype=torch.float64,
        device=device,
    )
    dist.all_reduce(counts)
    learnt, tokens = counts.tolist()
    total = torch.zeros((), dtype=torch.float64, device=device)
    for number, samples in enumerate(batch):
        # Gradients of micro-batches are summed up before they travel.
        model.set_requires_gradient_sync(number == len(batch) - 1)
        logits, wanted = predictions(model, samples, device)
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), ignore_index=UNLEARNT, reduction="sum"
        )
        # FSDP takes the mean over processes, where the sum is wanted.
        (loss * dist.get_world_size() / learnt).backward()
        total += loss.detach()
    norm = torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], run["max_grad_norm"])
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    optimizer.zero_grad()
    dist.all_reduce(total)
    seconds = time.perf_counter() - started
    return {
        "loss": total.item() / learnt,
        "learning_rate": rate,
        "gradient_norm": (norm.full_tensor() if hasattr(norm, "full_tensor") else norm).item(),
        "tokens": int(tokens),
        "seconds": round(seconds, 3),
    }


@torch.no_grad()
def evaluate(model, samples, size, device):
    """Loss on held-out turns, and the share of turns of which every token is the likeliest one."""
    if not len(samples):
        return {}
    rank, processes = dist.get_rank(), dist.get_world_size()
    model.eval()
    sums = torch.zeros(4, dtype=torch.float64, device=device)
    for at in range(0, len(samples), size * processes):
        mine = [samples[i] for i in range(at + rank, min(at + size * processes, len(samples)), processes)]
        # All processes have to take part in each pass; one without work reads a sample of which nothing counts.
        logits, wanted = predictions(model, mine or [samples[0] | {"learn": []}], device)
        counted = wanted != UNLEARNT
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), ignore_index=UNLEARNT, reduction="sum"
        )
        wrong = (logits.argmax(-1) != wanted) & counted
        sums += torch.tensor(
            [loss.item(), counted.sum().item(), (counted.any(1) & ~wrong.any(1)).sum().item(), len(mine)], device=device
        )
    dist.all_reduce(sums)
    loss, tokens, exact, turns = sums.tolist()
    return {"held_out_loss": loss / tokens, "held_out_exact": int(exact), "held_out_turns": int(turns)}


def learning_rate(update, updates, run):
    """Rises in a line over the first updates and falls to 0 along a cosine."""
    warm_up = math.ceil(updates * run["warmup_ratio"])
    if update < warm_up:
        return run["learning_rate"] * (update + 1) / warm_up
    return run["learning_rate"] * 0.5 * (1 + math.cos(math.pi * (update - warm_up) / max(1, updates - warm_up)))


def new_optimizer(model, run):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.dim() > 1], "weight_decay": run["weight_decay"]},
            {"params": [p for p in trained if p.dim() <= 1], "weight_decay": 0.0},
        ],
        lr=run["learning_rate"],
        betas=tuple(run["betas"]),
        eps=run["epsilon"],
    )


def base_folder(run):
    """Where the weights to begin with are: adapters of an earlier stage lie on the same base."""
    return run["init"] if run["init"] and not run["lora"] else run["base"]


def source(place):
    """How transformers is told of a model: a folder, a name on the hub, or one GGUF file."""
    path = Path(place)
    return (str(path.parent), {"gguf_file": path.name}) if path.suffix == ".gguf" else (str(place), {})


def with_adapter(model, run, weights):
    if not run["lora"]:
        return model
    from peft import LoraConfig, PeftModel, get_peft_model

    if run["init"] and weights:
        return PeftModel.from_pretrained(model, run["init"], is_trainable=True)
    if run["init"]:
        config = LoraConfig.from_pretrained(run["init"])
        config.inference_mode = False
        return get_peft_model(model, config)
    torch.manual_seed(run["seed"])
    return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", bias="none", **run["lora"]))


def sharded_model(run, device):
    """The model, each process with its part. Only the first one reads the weights, so that memory holds them once."""
    name, options = source(base_folder(run))
    first = dist.get_rank() == 0
    whole = None
    if first:
        whole = AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32, **options)
        whole = with_adapter(whole, run, weights=True)
    # The others wait: of a name on the hub only one process should load the files.
    dist.barrier()
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(name, **options), dtype=torch.float32)
        model = with_adapter(model, run, weights=False)
    if run["gradient_checkpointing"]:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        if run["lora"]:
            model.enable_input_require_grads()
    policy = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16 if run["bf16"] else None, reduce_dtype=torch.float32, cast_forward_inputs=False
    )
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for layer in model.get_decoder().layers if not run["lora"] else model.base_model.model.get_decoder().layers:
        fully_shard(layer, mesh=mesh, mp_policy=policy)
    fully_shard(model, mesh=mesh, mp_policy=policy)

    model.to_empty(device=device)
    # Where head and embedding are one matrix, they are two after to_empty.
    tie = model if not run["lora"] else model.base_model.model
    tie.tie_weights()
    set_model_state_dict(
        model, whole.state_dict() if first else {}, options=StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
    )
    # Rotary frequencies are in no state: a configuration gives them.
    given = dict(whole.named_buffers()) if first else {}
    for key, buffer in model.named_buffers():
        if first:
            buffer.copy_(given[key])
        dist.broadcast(buffer, 0)
    return model


def save(model, run, output):
    """Writes a Hugging Face folder: a model, or with LoRA an adapter in PEFT's form."""
    state = get_model_state_dict(
        model, options=StateDictOptions(full_state_dict=True, cpu_offload=True, ignore_frozen_params=bool(run["lora"]))
    )
    if dist.get_rank() == 0:
        part = output.with_name(output.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        if not run["lora"]:
            state = {key: tensor.to(getattr(torch, run["save_dtype"])) for key, tensor in state.items()}
            model.config.dtype = getattr(torch, run["save_dtype"])
        model.save_pretrained(part, state_dict=state)
        base = Path(base_folder(run))
        if base.is_dir() and not run["lora"]:
            for file in sorted(base.glob("*token*")) + sorted(base.glob("*.jinja")) + sorted(base.glob("vocab.json")):
                shutil.copy(file, part)
        (part / "run.json").write_text(json.dumps(run, indent=2) + "\n")
        part.rename(output)
    dist.barrier()


class Checkpoints:
    """What is needed to go on: trained parameters and the optimizer's state, each process writes its part."""

    def __init__(self, folder, run):
        self.folder = folder
        self.keep = run["keep_checkpoints"]
        self.options = StateDictOptions(ignore_frozen_params=bool(run["lora"]))
        # What the numbers depend on: a run with other settings must not go on from here.
        self.settings = json.dumps([run, dist.get_world_size()], sort_keys=True)

    def updates(self):
        return sorted(int(path.name) for path in self.folder.glob("*") if path.name.isdigit())

    def load(self, model, optimizer):
        if not self.updates():
            return 0
        update = self.updates()[-1]
        place = self.folder / str(update)
        if (place / "settings.json").read_text() != self.settings:
            raise SystemExit(
                f"{place} is of a run with other settings or another number of processes;"
                " start this one as that one was, or delete the folder to begin anew"
            )
        model_state, optimizer_state = get_state_dict(model, optimizer, options=self.options)
        state = {"model": model_state, "optimizer": optimizer_state}
        dcp.load(state, checkpoint_id=place)
        set_state_dict(
            model,
            optimizer,
            model_state_dict=state["model"],
            optim_state_dict=state["optimizer"],
            options=StateDictOptions(ignore_frozen_params=self.options.ignore_frozen_params, strict=False),
        )
        return update

    def save(self, update, model, optimizer):
        model_state, optimizer_state = get_state_dict(model, optimizer, options=self.options)
        part = self.folder / f"{update}.part"
        if dist.get_rank() == 0:
            shutil.rmtree(part, ignore_errors=True)
        dist.barrier()
        dcp.save({"model": model_state, "optimizer": optimizer_state}, checkpoint_id=part)
        if dist.get_rank() == 0:
            (part / "settings.json").write_text(self.settings)
            part.rename(self.folder / str(update))
            for old in self.updates()[: -self.keep]:
                shutil.rmtree(self.folder / str(old))
        dist.barrier()

    def delete(self):
        if dist.get_rank() == 0:
            shutil.rmtree(self.folder, ignore_errors=True)


class Log:
    """Figures of each update, on the screen and as lines of JSON; only the first process writes."""

    def __init__(self, file, done, updates):
        self.first = dist.get_rank() == 0
        self.file = file
        self.updates = updates
        self.begun = done
        self.started = time.perf_counter()
        self.tokens = 0
        if self.first:
            file.parent.mkdir(parents=True, exist_ok=True)
            lines = file.read_text().splitlines() if done and file.exists() else []
            # What came after the checkpoint is done again.
            file.write_text("".join(line + "\n" for line in lines[:done]))

    def write(self, update, figures):
        if not self.first:
            return
        self.tokens += figures["tokens"]
        seconds = time.perf_counter() - self.started
        with open(self.file, "a") as log:
            log.write(json.dumps({"update": update} | figures) + "\n")
        left = seconds / (update - self.begun) * (self.updates - update)
        held_out = (
            f", held out: loss {figures['held_out_loss']:.4f}, {figures['held_out_exact']}/{figures['held_out_turns']} turns exact"
            if "held_out_loss" in figures
            else ""
        )
        self.say(
            f"{update}/{self.updates} loss {figures['loss']:.4f}, rate {figures['learning_rate']:.2e},"
            f" {self.tokens / seconds:,.0f} tokens/s, {left / 60:.0f} min left{held_out}"
        )

    def say(self, text):
        if self.first:
            print(text, flush=True)


if __name__ == "__main__":
    main()
