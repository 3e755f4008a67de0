// Draws figures as SVG files with Node, as the page does in a browser.
//   node svg.js FOLDER_OF_PROGRAMS FOLDER_OF_FIGURES ID...
// Reads ID.vl.json and writes ID.svg; never leaves a partial file.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const [, , programs, folder, ...ids] = process.argv;
const width = 900;

// As in a page: without a module system, the scripts define global names.
for (const name of ['vega', 'vega-lite', 'chart']) {
  vm.runInThisContext(readFileSync(join(programs, name + '.js'), 'utf8'), { filename: name + '.js' });
}
const { vega, vegaLite } = globalThis;
const chart = vm.runInThisContext('minimaChart');

const svgOf = async (spec) => {
  const config = { ...chart.configFor(width), ...spec.config };
  const { spec: compiled } = vegaLite.compile({ ...chart.laidOut(spec, width), config });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.background('white').toSVG();
  view.finalize();
  return svg.replaceAll('currentColor', '#222').replaceAll('var(--card)', 'white');
};

(async () => {
  for (const id of ids) {
    try {
      const spec = JSON.parse(readFileSync(join(folder, id + '.vl.json'), 'utf8'));
      const file = join(folder, id + '.svg');
      writeFileSync(file + '.tmp', await svgOf(spec));
      renameSync(file + '.tmp', file);
    } catch (error) {
      console.error(id + ': ' + error.message);
      process.exitCode = 1;
    }
  }
})();
