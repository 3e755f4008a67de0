// Draws figures for print with Node. The layout is the page's (chart.js), as if the page were so
// narrow that its text of 12 pixels has 7 points on paper.
//   node svg.js FOLDER_OF_PROGRAMS FOLDER_OF_SPECIFICATIONS FOLDER_OF_DRAWINGS 88mm 180mm ID...
// Reads ID.vl.json. Writes 88mm/ID.svg and 88mm/ID.pdf for a width of 88 mm. rsvg-convert embeds
// the fonts of the PDF file, and makes outlines of the text of the SVG file. Without it, there are
// only SVG files, whose text is text.
'use strict';
const { execFileSync } = require('node:child_process');
const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const [, , programs, folder, drawings, narrow, wide, ...ids] = process.argv;

// As in a page: without a module system, the scripts define global names.
for (const name of ['vega', 'vega-lite', 'chart']) {
  vm.runInThisContext(readFileSync(join(programs, name + '.js'), 'utf8'), { filename: name + '.js' });
}
const { vega, vegaLite } = globalThis;
const chart = vm.runInThisContext('minimaChart');

const millimetersOf = (pixels) => pixels * (7 / 12) * (25.4 / 72);
const pixelsOf = (millimeters) => millimeters / millimetersOf(1);
const smallest = 12 * 6 / 7; // 6 points
const largest = 12 * 8 / 7;  // 8 points

// ---- text ---------------------------------------------------------------------------------------

// The first of these that the machine has. All have the same widths.
const fonts = ['Liberation Sans', 'Arimo', 'Arial', 'Helvetica', 'Nimbus Sans'];
const isThere = (font) => {
  try {
    return execFileSync('fc-match', ['--format=%{family}', font], { encoding: 'utf8' }).includes(font);
  } catch {
    return true; // without fontconfig, nobody can say
  }
};
const found = fonts.find(isThere);
const font = found ? `${found}, Arial, Helvetica, sans-serif` : 'sans-serif';
const widening = found ? 1 : 1.2; // such as DejaVu Sans

// Widths of the characters from space to ~ in thousandths of the font size.
const asciiWidths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
  556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
  556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584];
const characterWidth = (character) => {
  const code = character.codePointAt(0);
  return asciiWidths[code - 32] ?? (code < 0x370 ? 584 : 1000);
};
const widthOf = (text, size, isBold) => {
  let sum = 0;
  for (const character of text) sum += characterWidth(character);
  return sum * size / 1000 * (isBold ? 1.09 : 1) * widening;
};
const isBold = (weight) => weight === 'bold' || Number(weight) >= 600;

// Node has no canvas to measure text with, and Vega's estimate is far too wide. Vega cuts text at
// `limit`.
vega.textMetrics.width = (item, text) =>
  Math.min(item.limit || Infinity, widthOf(String(text ?? ''), item.fontSize ?? 11, isBold(item.fontWeight)));

// The parts of a word that fit.
const partsOf = (word, fits) => {
  let length = word.length;
  while (length > 1 && !fits(word.slice(0, length))) --length;
  return length < word.length ? [word.slice(0, length), ...partsOf(word.slice(length), fits)] : [word];
};

// Breaks at spaces, and words that are too long anywhere.
const linesOf = (text, width, size, bold) => {
  const fits = (line) => widthOf(line, size, bold) <= width;
  const lines = [];
  for (const word of text.split(/\s+/).flatMap((word) => partsOf(word, fits))) {
    const longer = lines.length ? lines.at(-1) + ' ' + word : word;
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

// ---- layout -------------------------------------------------------------------------------------

const onPaper = new Map([['currentColor', 'black'], ['var(--card)', 'white']]);

// Applies `change(key, value)` to everything within a value.
const changed = (value, change) => JSON.parse(JSON.stringify(value), change);

// On 88 mm are two columns of panels, on 180 mm three if these are many. Cells with a text in them
// need more room.
const panelsOf = (spec, width) => {
  if (!spec.facet || spec.facet.column || spec.usermeta?.widest) return spec;
  if (JSON.stringify(spec.spec).includes('"type":"text"')) return spec;
  const isNarrow = width < pixelsOf(100);
  if (!isNarrow && spec.facet.sort.length < 5) return spec;
  const [panel, height] = isNarrow ? [110, 130] : [200, 180];
  return { ...spec, spec: { ...spec.spec, width: panel, height: Math.min(spec.spec.height, height) } };
};

// `fit.excess`: pixels by which an earlier attempt was too wide; `fit.columns`: of a legend.
const printed = ({ datasets, ...given }, width, fit) => {
  const spec = panelsOf(given, width);
  const config = { ...chart.configFor(width), padding: 1, font };
  config.text = { font };
  config.title = { ...config.title, fontSize: 12 };
  const laid = chart.laidOut(spec, width, fit.excess);
  if (laid.facet) {
    const longest = Math.min(width, laid.spec.width + 70);
    laid.facet = changed(laid.facet, (key, value) => key === 'labelLimit' ? longest : value);
  } else {
    Object.assign(laid, { width, autosize: { type: 'fit-x', contains: 'padding' } });
  }
  laid.title = { text: linesOf(spec.title, width - 4, 12, true), frame: 'bounds', offset: 12 };
  const print = changed({ ...laid, config: { ...config, ...spec.config } }, (key, value) => {
    if (key === 'legend' && value !== null && fit.columns) return { ...value, columns: fit.columns };
    if (/fontsize$/i.test(key)) return Math.min(largest, Math.max(smallest, value));
    return onPaper.get(value) ?? value;
  });
  return { ...print, datasets };
};

// The right edge of all legends.
const legendEnd = (mark) => Math.max(0, ...mark.items.map((item) => mark.role === 'legend'
  ? item.bounds.x2 : Math.max(0, ...(item.items ?? []).map(legendEnd))));

// Returns the SVG of Vega, its size, and the right edge of its legends in pixels.
const drawn = async (spec) => {
  const { spec: compiled } = vegaLite.compile(spec);
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  const legend = legendEnd(view.scenegraph().root) + view.origin()[0];
  view.finalize();
  const [, width, height] = svg.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/);
  return { svg, width: Number(width), height: Number(height), legend };
};

// Legends get fewer columns, then panels other widths, until the drawing is as wide as the paper.
const fitted = async (spec, width) => {
  const fit = { excess: 0, columns: 0 };
  let drawing = await drawn(printed(spec, width, fit));
  for (const columns of [4, 3, 2, 1]) {
    if (drawing.legend < width) break;
    fit.columns = columns;
    drawing = await drawn(printed(spec, width, fit));
  }
  if (!spec.facet) return drawing;
  let best = drawing;
  for (let attempt = 0; attempt < 4; ++attempt) {
    const excess = Math.ceil(drawing.width - width);
    if (excess === 0 || (excess < 0 && (excess > -6 || spec.usermeta?.widest))) break;
    fit.excess += excess;
    drawing = await drawn(printed(spec, width, fit));
    const isBetter = best.width > width ? drawing.width < best.width
      : drawing.width <= width && drawing.width > best.width;
    if (isBetter) best = drawing;
  }
  return best;
};

// ---- files --------------------------------------------------------------------------------------

// Opacity of a fill or stroke needs no layer of its own, which not every program can print.
const withoutLayers = (svg) => svg.replace(/<(path|line|rect|text) [^>]*>/g, (mark) =>
  mark.replace(/ opacity="([^"]*)"/, (_, opacity) => ['fill', 'stroke']
    .filter((part) => !mark.includes(` ${part}-opacity=`))
    .map((part) => ` ${part}-opacity="${opacity}"`).join('')));

// Vega writes an empty label as <text/>.
const texts = /<text\b[^>]*\/>|<text\b.*?<\/text>/gs;

const withShortPaths = (svg) => svg.replace(/ d="[^"]*"/g, (path) =>
  path.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))));

// An absolute path of rsvg-convert (M, L, C and Z) in hundredths and relative, which is half as long.
const relative = (path) => {
  let [start, last] = [[0, 0], [0, 0]];
  return path.replace(/M [^A-Z]*$/, '').replace(/([MLCZ])([^A-Z]*)/g, (_, command, numbers) => {
    if (command === 'Z') {
      last = start;
      return 'z';
    }
    const values = numbers.trim().split(/\s+/).map((number) => Math.round(Number(number) * 100));
    const offsets = values.map((value, i) => value - last[i % 2]);
    last = values.slice(-2);
    if (command === 'M') start = last;
    return command.toLowerCase() + offsets.join(' ').replaceAll(' -', '-');
  });
};

// The drawing with its size on paper.
const svgOf = async (spec, millimeters) => {
  const width = pixelsOf(millimeters);
  const drawing = await fitted(spec, width);
  const shown = Math.max(width, drawing.width);
  const left = ((drawing.width - shown) / 2).toFixed(3);
  const height = (drawing.height * millimeters / shown).toFixed(3);
  const frame = `width="${millimeters}mm" height="${height}mm" ` +
    `viewBox="${left} 0 ${shown.toFixed(3)} ${drawing.height}"`;
  const paper = `<rect x="${left}" width="${shown.toFixed(3)}" height="${drawing.height}" fill="white"/>`;
  const svg = drawing.svg.replace(/ (aria-[a-z]+|role|pointer-events)="[^"]*"/g, '')
    .replace(texts, (text) => / opacity="0"/.test(text) ? '' : text); // a label with too little room
  return withShortPaths(withoutLayers(svg)).replace(/<svg [^>]*>/, (start) =>
    start.replace(/ width="[^"]*" height="[^"]*" viewBox="[^"]*"/, ' ' + frame) + paper);
};

// False if there is no rsvg-convert.
const converted = (source, format, target) => {
  try {
    execFileSync('rsvg-convert', ['--unlimited', '--format', format, '--output', target, source],
      { stdio: ['ignore', 'ignore', 'inherit'] });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
};

// rsvg-convert draws the text alone, as outlines. The rest stays as Vega wrote it, because
// rsvg-convert would make it several times as large.
const withOutlines = (svg, file) => {
  const withoutShapes = svg.replace(/<defs>.*?<\/defs>/gs, '').replace(/ clip-path="[^"]*"/g, '')
    .replace(/<(path|line|rect|image)\b[^>]*\/>/g, '');
  writeFileSync(file + '.text', withoutShapes);
  converted(file + '.text', 'svg', file + '.outlines');
  const outlines = readFileSync(file + '.outlines', 'utf8');
  const [left, , width] = svg.match(/viewBox="([^"]*)"/)[1].split(' ').map(Number);
  const scale = width / Number(outlines.match(/viewBox="0 0 (\S+)/)[1]);
  const [, inner] = outlines.match(/<svg[^>]*>(.*)<\/svg>/s);
  const short = inner.replace(/ style=" ?stroke:none;fill-rule:nonzero;fill:([^;"]*);fill-opacity:1;" d="([^"]*)"/g,
    (_, fill, path) => ` transform="scale(.01)" fill="${fill}" d="${relative(path)}"`);
  return svg.replace(texts, '').replace(/<\/svg>\s*$/, () =>
    `<g transform="translate(${left},0) scale(${scale})">${short}</g></svg>\n`);
};

const write = async (id, width) => {
  const spec = JSON.parse(readFileSync(join(folder, id + '.vl.json'), 'utf8'));
  const file = join(drawings, width, id);
  const svg = await svgOf(spec, parseFloat(width));
  writeFileSync(file + '.svg', svg);
  if (converted(file + '.svg', 'pdf', file + '.pdf')) writeFileSync(file + '.svg', withOutlines(svg, file));
};

// minima removes the folder when it ends. If a signal ended it, files may have come after that.
const parent = process.ppid;
const leaveIfAlone = () => {
  if (process.ppid === parent) return;
  rmSync(drawings, { recursive: true, force: true });
  process.exit(1);
};

(async () => {
  for (const id of ids) {
    for (const width of [narrow, wide]) {
      try {
        await write(id, width);
      } catch (error) {
        console.error(id + ': ' + error.message);
        process.exitCode = 1;
      }
      leaveIfAlone();
    }
  }
})();
