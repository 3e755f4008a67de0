// Opens report pages in Chromium and says what a reader would find: one JSON document.
//   node page_in_browser.mjs FOLDER_OF_PACKAGE_JSON CHROMIUM PAGE...
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [, , web, executablePath, ...pages] = process.argv;
const { chromium } = createRequire(web + '/package.json')('playwright-core');

const watch = (page, report) => {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report.complaints.push(message.text());
  });
  page.on('pageerror', (error) => report.complaints.push(error.message));
  page.on('dialog', (dialog) => { report.complaints.push('dialog'); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url())) report.requests.push(request.url());
  });
};

const drawAll = async (page) => {
  for (const figure of await page.$$('figure[data-figure]')) {
    await figure.scrollIntoViewIfNeeded();
    const id = await figure.getAttribute('id');
    await page.waitForFunction((name) => document.getElementById(name).dataset.state, id);
  }
};

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

// What each button of the first figure saves.
const downloadsOf = async (page) => {
  const saved = {};
  for (const button of await page.$$('figure[data-figure]:first-of-type .tools >> nth=0 >> button')) {
    const [name, content] = await download(page, button);
    saved[name] = content.subarray(0, 60).toString('latin1');
  }
  return saved;
};

const tooltipOf = async (page) => {
  const mark = await page.$('figure[data-figure] .mark-symbol.role-mark path');
  if (!mark) return '';
  await mark.scrollIntoViewIfNeeded();
  await mark.hover({ force: true });
  await page.waitForTimeout(100);
  return page.evaluate(() => document.getElementById('vg-tooltip-element')?.textContent ?? '');
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const reports = [];
for (const file of pages) {
  const report = { file, complaints: [], requests: [], views: {} };
  for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light'], [1920, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    watch(page, report);
    await page.goto('file://' + file);
    await drawAll(page);
    report.views[width] = {
      figures: await figuresOf(page),
      overflow: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    };
    if (width === 1280) {
      report.text = await page.evaluate(() => document.body.innerText);
      report.hacked = await page.evaluate(() => typeof window.hacked !== 'undefined');
      report.deadLinks = await page.$$eval('a[href^="#"]', (links) => links
        .filter((link) => !document.getElementById(link.hash.slice(1))).map((link) => link.hash));
      report.tooltip = await tooltipOf(page);
      report.downloads = await downloadsOf(page);
    }
    await context.close();
  }
  reports.push(report);
}
await browser.close();
console.log(JSON.stringify(reports));
