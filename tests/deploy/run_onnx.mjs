// Runs every case of a folder with ONNX Runtime; prints the largest difference of each as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.argv[3], "here.js"));
function runtime() {
  for (const name of ["onnxruntime-node", "onnxruntime-web"]) {
    try {
      return require(name);
    } catch {
      // the next one
    }
  }
  process.exit(77);
}

const ort = runtime();
const folder = process.argv[2];
const cases = JSON.parse(readFileSync(join(folder, "cases.json")));
const argmax = (values) => values.indexOf(Math.max(...values));
const results = [];
for (const [number, one] of cases.entries()) {
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(join(folder, `${number}.onnx`))));
  const images = new ort.Tensor("uint8", new Uint8Array(readFileSync(join(folder, `${number}.raw`))), one.shape);
  const logits = Array.from((await session.run({ image: images })).logits.data);
  const classes = logits.length / one.shape[0];
  let difference = logits.length === one.logits.length ? 0 : Infinity;
  let agreed = 0;
  for (let i = 0; i < logits.length; ++i) difference = Math.max(difference, Math.abs(logits[i] - one.logits[i]));
  for (let i = 0; i < one.shape[0]; ++i) {
    const range = [i * classes, (i + 1) * classes];
    if (argmax(logits.slice(...range)) === argmax(one.logits.slice(...range))) ++agreed;
  }
  const largest = Math.max(...one.logits.map(Math.abs));
  results.push({ name: one.name, difference, largest, agreed, images: one.shape[0], step: one.step });
}
console.log(JSON.stringify(results));
process.exit(0);
