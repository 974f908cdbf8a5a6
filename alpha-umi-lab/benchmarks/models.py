"""Makes what the peers and umi are measured on, once, in a folder:

    tiny-f16.gguf     the shape of TinyLlama-1.1B with random weights (seeded), half precision
    tiny-q4_0.gguf    the same weights as llama.cpp quantises them: Q4_0, head Q8_0
    tiny-genai/       the same weights as onnxruntime-genai's builder quantises them by default:
                      4 bits, blocks of 32, symmetric, accuracy level 4
    smol-genai/       the linear weights of the embedded model in that form
    smol-genai-8bit/  and in 8 bits, blocks of 32

The tokenizer of the embedded model, cut to its first 32,000 tokens, is the tokenizer of the random one.
The ONNX graphs have the operators that onnxruntime-genai's builder writes; the builder itself needs PyTorch.
"""

import argparse
import json
import pathlib

import gguf
import numpy as np
import onnx
from onnx import TensorProto, helper

HIDDEN, INNER, LAYERS, HEADS, KV_HEADS, VOCABULARY = 2048, 5632, 22, 32, 4, 32000
POSITIONS = 2048
SEED = 20240122


def random_tensors():
    """Name, shape [rows, columns] and values of every matrix, layer by layer."""
    generator = np.random.default_rng(SEED)

    def normal(rows, columns):
        return (generator.standard_normal((rows, columns), dtype=np.float32) * 0.02).astype(np.float16)

    keys = HIDDEN // HEADS * KV_HEADS
    yield "token_embd.weight", normal(VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        yield prefix + "attn_norm.weight", np.ones(HIDDEN, np.float32)
        yield prefix + "attn_q.weight", normal(HIDDEN, HIDDEN)
        yield prefix + "attn_k.weight", normal(keys, HIDDEN)
        yield prefix + "attn_v.weight", normal(keys, HIDDEN)
        yield prefix + "attn_output.weight", normal(HIDDEN, HIDDEN)
        yield prefix + "ffn_norm.weight", np.ones(HIDDEN, np.float32)
        yield prefix + "ffn_gate.weight", normal(INNER, HIDDEN)
        yield prefix + "ffn_up.weight", normal(INNER, HIDDEN)
        yield prefix + "ffn_down.weight", normal(HIDDEN, INNER)
    yield "output_norm.weight", np.ones(HIDDEN, np.float32)
    yield "output.weight", normal(VOCABULARY, HIDDEN)


def write_tiny(file, tokenizer, quantized):
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name("random weights in the shape of TinyLlama-1.1B")
    writer.add_block_count(LAYERS)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0 if quantized else gguf.LlamaFileType.MOSTLY_F16)
    cut_tokenizer(writer, tokenizer)
    for name, values in random_tensors():
        if not quantized or values.ndim == 1:
            writer.add_tensor(name, values)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0 if name == "output.weight" else gguf.GGMLQuantizationType.Q4_0
            writer.add_tensor(name, gguf.quants.quantize(values.astype(np.float32), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def cut_tokenizer(writer, source):
    fields = gguf.GGUFReader(source).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()[:VOCABULARY]
    known = set(tokens)
    merges = [m for m in fields["tokenizer.ggml.merges"].contents() if m.replace(" ", "") in known]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(fields["tokenizer.ggml.token_type"].contents()[:VOCABULARY])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)


class Graph:
    """A decoder with the inputs and outputs that onnxruntime-genai binds."""

    def __init__(self, folder, shape, linear_bits):
        self.folder = folder
        self.bits = linear_bits
        self.shape = shape
        self.nodes, self.initializers, self.inputs, self.outputs = [], [], [], []
        self.data = open(folder / "model.onnx.data", "wb")

    def node(self, op, inputs, outputs, domain="com.microsoft", **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **attributes))

    def small(self, name, values):
        self.initializers.append(onnx.numpy_helper.from_array(values, name))

    def external(self, name, values):
        self.data.write(b"\0" * (-self.data.tell() % 4096))
        kinds = {np.dtype("uint8"): TensorProto.UINT8, np.dtype("float32"): TensorProto.FLOAT}
        tensor = TensorProto(name=name, data_type=kinds[values.dtype], dims=values.shape)
        tensor.data_location = TensorProto.EXTERNAL
        raw = np.ascontiguousarray(values).tobytes()
        for key, value in (("location", "model.onnx.data"), ("offset", self.data.tell()), ("length", len(raw))):
            tensor.external_data.add(key=key, value=str(value))
        self.data.write(raw)
        self.initializers.append(tensor)

    def linear(self, name, values, source, out):
        """Symmetric rounding to nearest in blocks of 32; values [out, in]."""
        rows, columns = values.shape
        blocks = values.astype(np.float32).reshape(rows, columns // 32, 32)
        at = np.abs(blocks).argmax(axis=2, keepdims=True)
        half = 1 << self.bits - 1
        scale = np.take_along_axis(blocks, at, 2) / -half
        safe = np.where(scale == 0, 1, scale)
        levels = np.clip(np.rint(blocks / safe) + half, 0, 2 * half - 1).astype(np.uint8)
        if self.bits == 4:
            levels = levels[:, :, 0::2] | levels[:, :, 1::2] << 4
        self.external(name, levels)
        self.external(name + ".scales", scale.reshape(rows, -1).astype(np.float32))
        self.node(
            "MatMulNBits", [source, name, name + ".scales"], [out],
            K=columns, N=rows, bits=self.bits, block_size=32, accuracy_level=4)

    def build(self, tensors):
        s = self.shape
        self.inputs += [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "total"])]
        self.outputs.append(
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "length", s["vocabulary"]]))
        self.small("one", np.array([1], np.int64))
        self.small("second", np.array(1, np.int64))
        self.node("ReduceSum", ["attention_mask", "one"], ["sum"], domain="", keepdims=0)
        self.node("Sub", ["sum", "one"], ["last"], domain="")
        self.node("Cast", ["last"], ["seqlens_k"], domain="", to=TensorProto.INT32)
        self.node("Shape", ["attention_mask"], ["mask_shape"], domain="")
        self.node("Gather", ["mask_shape", "second"], ["total"], domain="", axis=0)
        self.node("Cast", ["total"], ["total_length"], domain="", to=TensorProto.INT32)
        head = s["hidden"] // s["heads"]
        angles = np.arange(POSITIONS)[:, None] / s["base"] ** (np.arange(0, head, 2) / head)
        self.small("cosines", np.cos(angles).astype(np.float32))
        self.small("sines", np.sin(angles).astype(np.float32))
        self.external("embedding", tensors("token_embd.weight").astype(np.float32))
        self.node("Gather", ["embedding", "input_ids"], ["hidden"], domain="")
        residual, addition = "hidden", None
        for layer in range(s["layers"]):
            residual, addition = self.layer(layer, tensors, residual, addition, head)
        _, normed = self.norm("final", tensors("output_norm.weight"), residual, addition)
        self.linear("head", tensors("output.weight"), normed, "logits")
        self.save()

    def norm(self, name, weight, residual, addition):
        self.small(name + ".norm", weight.astype(np.float32))
        out = name + ".normed"
        if addition is None:
            self.node(
                "SimplifiedLayerNormalization", [residual, name + ".norm"], [out], domain="",
                axis=-1, epsilon=1e-5, stash_type=1)
            return residual, out
        self.node(
            "SkipSimplifiedLayerNormalization", [residual, addition, name + ".norm"],
            [out, "", "", name + ".sum"], epsilon=1e-5)
        return name + ".sum", out

    def layer(self, layer, tensors, residual, addition, head):
        s = self.shape
        p, t = f"layer.{layer}.", f"blk.{layer}."
        residual, normed = self.norm(p + "attention", tensors(t + "attn_norm.weight"), residual, addition)
        qkv = np.concatenate([tensors(t + f"attn_{x}.weight") for x in "qkv"])
        self.linear(p + "qkv", qkv, normed, p + "qkv.out")
        cache = [f"past_key_values.{layer}.key", f"past_key_values.{layer}.value"]
        present = [f"present.{layer}.key", f"present.{layer}.value"]
        for names, values, length in ((cache, self.inputs, "past"), (present, self.outputs, "total")):
            for name in names:
                values.append(helper.make_tensor_value_info(
                    name, TensorProto.FLOAT, ["batch", s["kv_heads"], length, head]))
        self.node(
            "GroupQueryAttention",
            [p + "qkv.out", "", "", *cache, "seqlens_k", "total_length", "cosines", "sines"],
            [p + "attended", *present],
            num_heads=s["heads"], kv_num_heads=s["kv_heads"], scale=head ** -0.5, do_rotary=1,
            rotary_interleaved=0, local_window_size=-1)
        self.linear(p + "o", tensors(t + "attn_output.weight"), p + "attended", p + "o.out")
        residual, normed = self.norm(p + "mlp", tensors(t + "ffn_norm.weight"), residual, p + "o.out")
        self.linear(p + "gate", tensors(t + "ffn_gate.weight"), normed, p + "gate.out")
        self.linear(p + "up", tensors(t + "ffn_up.weight"), normed, p + "up.out")
        self.node("Sigmoid", [p + "gate.out"], [p + "sigmoid"], domain="")
        self.node("Mul", [p + "gate.out", p + "sigmoid"], [p + "active"], domain="")
        self.node("Mul", [p + "active", p + "up.out"], [p + "product"], domain="")
        self.linear(p + "down", tensors(t + "ffn_down.weight"), p + "product", p + "down.out")
        return residual, p + "down.out"

    def save(self):
        self.data.close()
        graph = helper.make_graph(self.nodes, "decoder", self.inputs, self.outputs, self.initializers)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        (self.folder / "model.onnx").write_bytes(
            helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString())
        s = self.shape
        names = {"past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"}
        decoder = {
            "session_options": {"intra_op_num_threads": s["threads"], "provider_options": []},
            "filename": "model.onnx", "head_size": s["hidden"] // s["heads"], "hidden_size": s["hidden"],
            "inputs": {"input_ids": "input_ids", "attention_mask": "attention_mask", **names},
            "outputs": {"logits": "logits", "present_key_names": "present.%d.key",
                        "present_value_names": "present.%d.value"},
            "num_attention_heads": s["heads"], "num_hidden_layers": s["layers"],
            "num_key_value_heads": s["kv_heads"]}
        config = {
            "model": {"bos_token_id": 1, "context_length": POSITIONS, "decoder": decoder, "eos_token_id": 2,
                      "pad_token_id": 2, "type": "llama", "vocab_size": s["vocabulary"]},
            "search": {"do_sample": False, "max_length": POSITIONS, "past_present_share_buffer": True}}
        (self.folder / "genai_config.json").write_text(json.dumps(config, indent=1))


def write_genai(folder, source, threads, bits):
    reader = gguf.GGUFReader(source)

    def field(name):
        return reader.fields["llama." + name].contents()

    found = {t.name: t for t in reader.tensors}
    shape = {
        "hidden": field("embedding_length"), "heads": field("attention.head_count"),
        "kv_heads": field("attention.head_count_kv"), "layers": field("block_count"),
        "base": field("rope.freq_base"), "vocabulary": int(found["token_embd.weight"].shape[1]), "threads": threads}

    def tensors(name):
        tensor = found.get(name) or found["token_embd.weight"]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        if name.endswith(("attn_q.weight", "attn_k.weight")):
            # Converters interleave the halves of each head; the operator rotates halves.
            rows, columns = values.shape
            head = shape["hidden"] // shape["heads"]
            values = values.reshape(rows // head, head // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
        return values

    folder.mkdir(exist_ok=True)
    Graph(folder, shape, bits).build(tensors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("embedded", help="SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    steps = {
        "tiny-f16.gguf": lambda to: write_tiny(to, arguments.embedded, False),
        "tiny-q4_0.gguf": lambda to: write_tiny(to, arguments.embedded, True),
        "tiny-genai": lambda to: write_genai(to, folder / "tiny-f16.gguf", arguments.threads, 4),
        "smol-genai": lambda to: write_genai(to, arguments.embedded, arguments.threads, 4),
        "smol-genai-8bit": lambda to: write_genai(to, arguments.embedded, arguments.threads, 8)}
    for name, make in steps.items():
        done = folder / (name + ".done")
        if not done.exists():
            print("making", folder / name, flush=True)
            make(folder / name)
            done.touch()


if __name__ == "__main__":
    main()
