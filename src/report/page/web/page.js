// The reader's selection, which is kept in the address, the table of contents, and reloading while
// a study runs.
'use strict';
(() => {
  // ---- selection ------------------------------------------------------------------------------

  const form = document.querySelector('.selectors');

  // The selected values; a part without a selector is missing.
  const selection = () => Object.fromEntries(form ? new FormData(form).entries() : []);

  // "#pruning&dataset=mnist": an anchor, and what is selected.
  const fragment = () => {
    const [anchor, ...pairs] = location.hash.slice(1).split('&');
    const chosen = {};
    for (const pair of pairs) {
      const at = pair.indexOf('=');
      try {
        if (at > 0) chosen[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1));
      } catch { /* not an address of this page */ }
    }
    return { anchor, chosen };
  };

  const initial = selection();

  // Names only what differs from a newly opened page.
  const fragmentFor = (anchor) => '#' + [anchor, ...Object.entries(selection())
    .filter(([part, value]) => value !== initial[part])
    .map(([part, value]) => part + '=' + encodeURIComponent(value))].join('&');

  const setSelectors = (chosen) => {
    for (const [part, value] of Object.entries(chosen)) {
      for (const field of form?.elements ?? []) {
        if (field.name !== part) continue;
        if (field.type === 'radio') field.checked = field.checked || field.value === value;
        else if ([...field.options].some((option) => option.value === value)) field.value = value;
      }
    }
  };

  // Parts of the page about one dataset. Figures choose for themselves.
  const scoped = [...document.querySelectorAll('main [data-dataset]:not(script)')];
  const overview = [...document.querySelectorAll('[data-select]')];

  const apply = () => {
    const chosen = selection();
    for (const part of scoped) {
      part.hidden = chosen.dataset !== undefined && part.dataset.dataset !== chosen.dataset;
    }
    for (const link of overview) {
      if (link.dataset.select === chosen.dataset) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    minimaFigures.select(chosen);
  };

  const goTo = (anchor, focus) => {
    const target = anchor && document.getElementById(anchor);
    if (!target) return;
    for (let at = target.closest('details'); at; at = at.parentElement.closest('details')) at.open = true;
    // At once: figures that are drawn on the way would move the target.
    target.scrollIntoView({ behavior: 'instant' });
    if (focus) {
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
  };

  let here = '';
  const remember = () => history.replaceState(history.state, '', fragmentFor(here));

  form?.addEventListener('change', () => {
    apply();
    remember();
  });
  form?.addEventListener('submit', (event) => event.preventDefault());

  window.addEventListener('hashchange', () => {
    const { anchor, chosen } = fragment();
    setSelectors(chosen);
    apply();
    here = anchor;
    remember();
    goTo(anchor, true);
  });

  // ---- contents -------------------------------------------------------------------------------

  const links = new Map([...document.querySelectorAll('nav a')]
    .map((link) => [link.hash.slice(1), link]));
  const passing = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute('aria-current');
      links.get(entry.target.id)?.setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '0px 0px -70% 0px' });
  for (const section of document.querySelectorAll('main > section')) passing.observe(section);

  // ---- while a study runs ---------------------------------------------------------------------

  const unfinished = document.getElementById('unfinished');
  const kept = 'minima ' + location.pathname;
  const second = 1000;
  const quiet = 60 * second;     // a reader who does nothing for so long is not disturbed
  const longest = 1800 * second; // between two reloads of a page that no longer changes

  // A page opened as a file may not be allowed to store anything.
  const stored = () => {
    try {
      return JSON.parse(sessionStorage.getItem(kept)) ?? {};
    } catch {
      return {};
    }
  };

  // The section at the upper edge of the window, and how far it begins from there. The height of
  // what is above changes with every figure that is drawn.
  const topOfWindow = () => {
    const section = [...document.querySelectorAll('main > section')]
      .find((each) => each.getBoundingClientRect().bottom > 0);
    return section && { id: section.id, at: section.getBoundingClientRect().top };
  };

  const reload = (pause) => {
    const open = [...document.querySelectorAll('details')].map((each) => each.open);
    try {
      sessionStorage.setItem(kept, JSON.stringify(
        { written: unfinished.dataset.written, top: topOfWindow(), open, pause }));
    } catch {
      return; // the reader's place would be lost
    }
    history.scrollRestoration = 'manual'; // the browser would scroll to the same pixel
    location.reload();
  };

  // Opens and scrolls to what the reader saw before the page reloaded itself.
  const returnTo = ({ top, open = [] }) => {
    const all = [...document.querySelectorAll('details')];
    open.forEach((isOpen, i) => { if (all[i]) all[i].open = isOpen; });
    const section = top && document.getElementById(top.id);
    if (section) scrollBy({ top: section.getBoundingClientRect().top - top.at, behavior: 'instant' });
  };

  const ageText = (written) => {
    const minutes = Math.floor((Date.now() - Date.parse(written.replace(' UTC', 'Z').replace(' ', 'T'))) / (60 * second));
    if (!(minutes >= 1)) return '';
    return 'Written ' + (minutes < 120 ? minutes + (minutes === 1 ? ' minute' : ' minutes')
      : Math.floor(minutes / 60) + ' hours') + ' ago.';
  };

  const watch = () => {
    const before = stored();
    const { written } = unfinished.dataset;
    const isSame = before.written === written;
    const pause = isSame ? Math.min(2 * before.pause, longest) : quiet;
    let touched = Date.now();
    for (const event of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'scroll']) {
      window.addEventListener(event, () => { touched = Date.now(); }, { passive: true });
    }
    setInterval(() => {
      unfinished.querySelector('.age').textContent = ageText(written);
      if (Date.now() - touched >= pause) reload(pause);
    }, 5 * second);
  };

  // ---- start ----------------------------------------------------------------------------------

  const { anchor, chosen } = fragment();
  setSelectors(chosen);
  apply();
  here = anchor;
  if (Object.keys(chosen).length > 0 || anchor) goTo(anchor, false);
  if (unfinished) {
    unfinished.querySelector('.age').textContent = ageText(unfinished.dataset.written);
    returnTo(stored());
    watch();
  }
})();
