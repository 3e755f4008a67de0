// Runs a TensorFlow Lite model on raw images in TensorFlow Lite itself (as WebAssembly), and prints
// the codes of its logits, a line for each image.
//
//   npm pack @tensorflow/tfjs-tflite && tar xzf tensorflow-tfjs-tflite-*.tgz
//   node tflite_logits.mjs package/wasm net.tflite images.raw
//
// images.raw: bytes 0..255, [images][height][width][channels].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, modelFile, imagesFile] = process.argv.slice(2);
const script = readFileSync(join(folder, "tflite_web_api_cc.js"), "utf8");
const factory = new Function("require", "process", "__filename", "__dirname",
  `${script}; return tflite_web_api_ModuleFactory;`)(
  createRequire(import.meta.url), process, modelFile, folder);
const wasm = await factory({ wasmBinary: readFileSync(join(folder, "tflite_web_api_cc.wasm")) });

const model = readFileSync(modelFile);
const memory = wasm._malloc(model.length);
wasm.HEAPU8.set(model, memory);
const made = wasm.TFLiteWebModelRunner.CreateFromBufferAndOptions(memory, model.length,
  { numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 16 });
if (!made.ok()) throw new Error(made.errorMessage());
const runner = made.value();
const input = runner.GetInputs().get(0);
const output = runner.GetOutputs().get(0);

const images = readFileSync(imagesFile);
const pixels = input.data().length;
const lines = [];
for (let begin = 0; begin + pixels <= images.length; begin += pixels) {
  const codes = new Int8Array(images.subarray(begin, begin + pixels)).map((byte) => byte ^ 0x80);
  input.data().set(codes);
  if (!runner.Infer()) throw new Error("the model does not run");
  lines.push(Array.from(output.data()).join(","));
}
console.log(lines.join("\n"));
