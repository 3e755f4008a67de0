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

// Unfolds everything but the buttons that save.
const unfold = (page) => page.$$eval('main details:not(.tools details)', (all) => {
  for (const each of all) each.open = true;
});

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

// Selections of the reader as fragments of an address, in which every dataset and family occurs.
const selectionsOf = (page) => page.evaluate(() => {
  const values = (name) => [...document.querySelectorAll(`.selectors [name="${name}"]`)]
    .flatMap((field) => field.options ? [...field.options].map((option) => option.value) : [field.value])
    .map((value) => `&${name}=${encodeURIComponent(value)}`);
  const [datasets, families] = [values('dataset'), values('family')];
  return Array.from({ length: Math.max(datasets.length, families.length, 1) }, (_, i) =>
    '#answer' + (datasets[i % datasets.length] ?? '') + (families[i % families.length] ?? ''));
});

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
  const marks = [...plot.querySelectorAll('.role-mark :is(path, line, rect, text)')]
    .filter((mark) => mark.getAttribute('opacity') !== '0');
  return { place: figure.id, id: figure.shown ? JSON.parse(figure.shown.textContent).id : '',
    state: figure.dataset.state, marks: marks.length, absent: figure.querySelector('.absent').textContent,
    cutOff: plot.scrollWidth > plot.clientWidth + 1 };
}));

const download = async (page, button) => {
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return [saved.suggestedFilename(), readFileSync(await saved.path())];
};

// The files that the buttons of the first figure save.
const downloadsOf = async (page) => {
  const saved = {};
  await (await page.$('figure[data-figure] .tools summary')).click();
  for (const button of await page.$$('figure[data-figure] .tools >> nth=0 >> details button')) {
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
    shown[await figure.evaluate((one) => JSON.parse(one.shown.textContent).id)] =
      await page.evaluate(() => document.querySelector('#vg-tooltip-element.visible')?.textContent ?? '');
  }
  return shown;
};

// Selects the first name with the keyboard alone; counts the marks that fade and that return.
const setOffByKey = async (page) => {
  const button = await page.$('#figure-curves-grid .picks button');
  if (!button) return null;
  const faded = () => page.$eval('#figure-curves-grid .plot', (plot) =>
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
    stops.push(await page.evaluate(() => {
      const at = document.activeElement;
      return [at.getAttribute('href') ?? at.name, getComputedStyle(at.closest('label') ?? at).outlineStyle];
    }));
  }
  return stops;
};

// Selects the next dataset with the keyboard alone: the address, and what the first figure is about,
// before and after, and when the address is opened again.
const selectedByKey = async (page) => {
  if (!await page.$('input[name=dataset]')) return null;
  const state = () => page.evaluate(() => ({ hash: location.hash,
    scope: document.querySelector('figure .scope').textContent,
    answers: [...document.querySelectorAll('h2.answer')].filter((one) => one.checkVisibility()).length }));
  await page.evaluate(() => { location.hash = ''; });
  await page.focus('input[name=dataset]:checked');
  const states = [await state()];
  await page.keyboard.press('ArrowRight');
  states.push(await state());
  await page.reload();
  states.push(await state());
  return states;
};

// Violations that axe-core finds in a page with everything unfolded. To readers of the page each
// plot is one picture with a name, so its parts are left out.
const violationsOf = async (context, file) => {
  const page = await context.newPage();
  page.setDefaultTimeout(300000);
  await page.goto('file://' + file);
  await (await page.$('figure[data-figure]')).scrollIntoViewIfNeeded();
  await page.waitForSelector('figure[data-state=drawn]');
  await unfold(page);
  await page.evaluate(readFileSync(web + '/node_modules/axe-core/axe.min.js', 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run({ exclude: ['.plot > *'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length}, such as ${nodes[0].html.slice(0, 200)}`);
};

// Whether an unfinished page reloads itself while the reader is active and after, and keeps the
// reader's place.
const reloadsOf = async (context, file) => {
  const page = await context.newPage();
  await page.clock.install();
  let loads = 0;
  page.on('load', () => { ++loads; });
  await page.goto('file://' + file + '#size');
  if (!await page.$('#unfinished')) return null;
  const place = () => page.evaluate(() => ({ hash: location.hash, top: Math.round(document.getElementById('size').getBoundingClientRect().top),
    open: document.querySelectorAll('main details[open]').length }));
  await page.click('#size summary');
  const before = await place();
  await page.clock.runFor(50000);
  await page.mouse.move(300, 300);
  await page.clock.runFor(50000);
  const active = loads;
  const reloaded = page.waitForEvent('load');
  await page.clock.runFor(60000);
  await reloaded;
  await page.waitForTimeout(300);
  return { active, loads, before, after: await place() };
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const reports = [];
for (const file of pages) {
  const report = { file, complaints: [], requests: [], violations: [], views: {} };
  for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light'], [1920, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    watch(page, report);
    const begin = performance.now();
    await page.goto('file://' + file);
    const loaded = (performance.now() - begin) / 1000;
    if (width === 1280) report.tabStops = await tabStops(page);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const answerEnds = await page.$eval('#answer', (answer) => answer.getBoundingClientRect().bottom + scrollY);
    await unfold(page);
    const longest = await drawAll(page);
    report.views[width] = {
      figures: await figuresOf(page), height, answerEnds,
      overflow: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      seconds: { loaded, longest },
    };
    if (width === 1280) {
      report.text = await page.evaluate(() => document.body.innerText);
      report.hacked = await page.evaluate(() => typeof window.hacked !== 'undefined');
      report.deadLinks = await page.$$eval('a[href^="#"]', (links) => links
        .map((link) => link.hash.slice(1).split('&')[0]).filter((id) => !document.getElementById(id)));
      report.axes = await axesOf(page);
      report.tooltips = await tooltipsOf(page);
      report.downloads = await downloadsOf(page);
      report.setOff = await setOffByKey(page);
      for (const selection of (await selectionsOf(page)).slice(1)) {
        await page.evaluate((hash) => { location.hash = hash; }, selection);
        await drawAll(page);
        report.views[width].figures.push(...await figuresOf(page));
        report.axes.push(...await axesOf(page));
      }
      report.selected = await selectedByKey(page);
    }
    await context.close();
  }
  for (const [width, colorScheme] of [[390, 'light'], [1280, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    report.violations.push(...await violationsOf(context, file));
    await context.close();
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  report.reloads = await reloadsOf(context, file);
  await context.close();
  reports.push(report);
}
await browser.close();
console.log(JSON.stringify(reports));
