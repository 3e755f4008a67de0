// Evaluates FOLDER/net.onnx with ONNX Runtime on the MNIST-like images in FOLDER/images. Writes
// FOLDER/logits, 32-bit floats [image][class].
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, modules] = process.argv.slice(2);
const require = createRequire(join(modules, "here.js"));
function runtime() {
  try {
    return require("onnxruntime-node");
  } catch {
    return require("onnxruntime-web");
  }
}

const ort = runtime();
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(join(folder, "net.onnx"))));
const images = new Uint8Array(readFileSync(join(folder, "images")));
const pixels = 28 * 28;
const batch = 500;
const parts = [];
for (let begin = 0; begin < images.length; begin += batch * pixels) {
  const part = images.slice(begin, begin + batch * pixels);
  const tensor = new ort.Tensor("uint8", part, [part.length / pixels, 1, 28, 28]);
  const logits = (await session.run({ image: tensor })).logits.data;
  parts.push(Buffer.from(Float32Array.from(logits).buffer));
}
writeFileSync(join(folder, "logits"), Buffer.concat(parts));
process.exit(0);
