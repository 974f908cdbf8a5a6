// llama.cpp by its Node package: node llama.mjs MODEL.gguf LABEL THREADS REPETITIONS >> peers.jsonl
// One JSON object a line, as `umi bench --peers` reads them.
import {getLlama} from "node-llama-cpp";

const [file, label, threads, repetitions] = process.argv.slice(2);
const LENGTHS = [128, 512];
const CONTEXTS = [32, 512];
const TOKENS = 64;

const llama = await getLlama({gpu: false, build: "never", maxThreads: Number(threads), logLevel: "error"});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext(
    {contextSize: 1024, batchSize: 512, threads: Number(threads), flashAttention: process.env.FLASH === "1"});
const sequence = context.getSequence();
let seed = 1;

function ids(length) {
    return Array.from({length}, () => 100 + (seed = (seed * 48271) % 2147483647) % 30000);
}

async function prefill(length) {
    await sequence.clearHistory();
    const tokens = ids(length);
    const start = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens);
    return length * 1000 / (performance.now() - start);
}

async function decode(before) {
    await sequence.clearHistory();
    await sequence.evaluateWithoutGeneratingNewTokens(ids(before - 1));
    let written = 0;
    let start = 0;
    for await (const _ of sequence.evaluate(ids(1), {temperature: 0, yieldEogToken: true})) {
        // The first token also pays for setting up the sampler.
        if (written === 0)
            start = performance.now();
        if (++written > TOKENS)
            break;
    }
    return TOKENS * 1000 / (performance.now() - start);
}

const rows = new Map();
for (let round = -1; round < Number(repetitions); round++) {
    for (const [kind, measure, sizes] of [["prefill", prefill, LENGTHS], ["decode after", decode, CONTEXTS]]) {
        for (const size of sizes) {
            const rate = await measure(size);
            const metric = `${kind} ${size}`;
            if (round >= 0)
                rows.set(metric, [...(rows.get(metric) ?? []), rate]);
        }
    }
}
for (const [metric, values] of rows)
    console.log(JSON.stringify({engine: label, metric, unit: "tokens/s", values}));
process.exit(0);
