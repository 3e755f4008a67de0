// The class of every image of FOLDER/images by FOLDER/net.onnx, as JSON, with ONNX Runtime.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
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
const classes = [];
for (let begin = 0; begin < images.length; begin += batch * pixels) {
  const part = images.slice(begin, begin + batch * pixels);
  const count = part.length / pixels;
  const tensor = new ort.Tensor("uint8", part, [count, 1, 28, 28]);
  const logits = (await session.run({ image: tensor })).logits.data;
  const width = logits.length / count;
  for (let i = 0; i < count; ++i) {
    const own = Array.from(logits.slice(i * width, (i + 1) * width));
    classes.push(own.indexOf(Math.max(...own)));
  }
}
console.log(JSON.stringify(classes));
process.exit(0);
