// Opens report pages in Chromium and reports what a reader would see, as one JSON document.
//   node page_in_browser.mjs FOLDER_OF_PACKAGE_JSON CHROMIUM PAGE...
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [, , web, executablePath, ...pages] = process.argv;
const { chromium } = createRequire(web + '/package.json')('playwright-core');

const watch = (page, report) => {
  page.setDefaultTimeout(300000);  // ms; fails a hanging page but not a busy machine
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report.complaints.push(message.text());
  });
  page.on('pageerror', (error) => report.complaints.push(error.message));
  page.on('dialog', (dialog) => { report.complaints.push('dialog'); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url())) report.requests.push(request.url());
  });
};

// Draws the figures one after another, as a reader scrolls. Returns the longest wait for a figure,
// in seconds.
const drawAll = async (page) => {
  let longest = 0;
  for (const figure of await page.$$('figure[data-figure]')) {
    const begin = performance.now();
    await figure.scrollIntoViewIfNeeded();
    const id = await figure.getAttribute('id');
    await page.waitForFunction((name) => document.getElementById(name).dataset.state, id);
    longest = Math.max(longest, (performance.now() - begin) / 1000);
  }
  return longest;
};

// The labels of every axis as they are read: from the left, or from the top.
const axesOf = (page) => page.$$eval('figure[data-figure]', (figures) => figures.flatMap((figure) =>
  [...figure.querySelectorAll('.plot .role-axis-label')].map((axis) => {
    const labels = [...axis.querySelectorAll('text')]
      .filter((label) => label.textContent && Number(label.getAttribute('opacity') ?? 1) > 0)
      .map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }));
    const spread = (side) => Math.max(...labels.map((label) => label.box[side])) -
      Math.min(...labels.map((label) => label.box[side]));
    const side = spread('left') > spread('top') ? 'left' : 'top';
    labels.sort((a, b) => a.box[side] - b.box[side]);
    return { id: figure.id, side, labels: labels.map((label) => label.text) };
  })));

const figuresOf = (page) => page.$$eval('figure[data-figure]', (figures) => figures.map((figure) => {
  const plot = figure.querySelector('.plot');
  const marks = plot.querySelectorAll('.role-mark :is(path, line, rect, text)');
  return { id: figure.id, state: figure.dataset.state, marks: marks.length,
    cutOff: plot.scrollWidth > plot.clientWidth + 1 };
}));

const download = async (page, button) => {
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return [saved.suggestedFilename(), readFileSync(await saved.path())];
};

// The files that the buttons of the first figure save.
const downloadsOf = async (page) => {
  const saved = {};
  for (const button of await page.$$('figure[data-figure]:first-of-type .tools >> nth=0 >> button')) {
    const [name, content] = await download(page, button);
    saved[name] = content.subarray(0, 60).toString('latin1');
  }
  return saved;
};

// The tooltip at the first point of each figure.
const tooltipsOf = async (page) => {
  const shown = {};
  for (const figure of await page.$$('figure[data-figure]')) {
    const mark = await figure.$('.mark-symbol.role-mark path[aria-label], .mark-symbol.role-mark path');
    if (!mark) continue;
    await mark.scrollIntoViewIfNeeded();
    await mark.hover({ force: true });
    await page.waitForTimeout(60);
    shown[await figure.getAttribute('id')] =
      await page.evaluate(() => document.querySelector('#vg-tooltip-element.visible')?.textContent ?? '');
  }
  return shown;
};

// Selects the first name with the keyboard alone; counts the marks that fade and that return.
const setOffByKey = async (page) => {
  const button = await page.$('.picks button');
  if (!button) return null;
  const faded = () => page.$eval('figure:has(.picks) .plot', (plot) =>
    [...plot.querySelectorAll('.role-mark :is(path, line)')].filter((mark) =>
      Number(mark.getAttribute('opacity') ?? 1) < 0.2 || Number(mark.getAttribute('stroke-opacity') ?? 1) < 0.2).length);
  await button.focus();
  const counts = [await faded()];
  for (let press = 0; press < 2; ++press) {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(150);
    counts.push(await faded());
  }
  return counts;
};

// The first two tab stops of a newly opened page, and whether the second has a visible focus.
const tabStops = async (page) => {
  const stops = [];
  for (let i = 0; i < 2; ++i) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => [document.activeElement.getAttribute('href'),
      getComputedStyle(document.activeElement).outlineStyle]));
  }
  return stops;
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const reports = [];
for (const file of pages) {
  const report = { file, complaints: [], requests: [], views: {} };
  for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light'], [1920, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    watch(page, report);
    const begin = performance.now();
    await page.goto('file://' + file);
    const loaded = (performance.now() - begin) / 1000;
    if (width === 1280) report.tabStops = await tabStops(page);
    const longest = await drawAll(page);
    report.views[width] = {
      figures: await figuresOf(page),
      overflow: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      seconds: { loaded, longest },
    };
    if (width === 1280) {
      report.text = await page.evaluate(() => document.body.innerText);
      report.hacked = await page.evaluate(() => typeof window.hacked !== 'undefined');
      report.deadLinks = await page.$$eval('a[href^="#"]', (links) => links
        .filter((link) => !document.getElementById(link.hash.slice(1))).map((link) => link.hash));
      report.axes = await axesOf(page);
      report.tooltips = await tooltipsOf(page);
      report.downloads = await downloadsOf(page);
      report.setOff = await setOffByKey(page);
    }
    await context.close();
  }
  reports.push(report);
}
await browser.close();
console.log(JSON.stringify(reports));
