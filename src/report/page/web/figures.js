// Draws the figures of a report when they come into view, and saves pictures and data. A place
// (<figure>) holds the figures of one kind; it shows the one for the reader's selection.
'use strict';
const minimaFigures = (() => {
  const canDraw = typeof vegaEmbed === 'function';
  const parts = ['dataset', 'family', 'pruning', 'quantization'];
  let selection = {};

  // ---- the figures of a place -----------------------------------------------------------------

  const variantsOf = (place) => [...place.querySelectorAll('script[type="application/json"]')];

  // A figure fits if it is about everything, or about what is selected.
  const fits = (variant) => parts.every((part) =>
    variant.dataset[part] === undefined || selection[part] === undefined ||
    variant.dataset[part] === selection[part]);

  // The figure for the selection. Of protocols, any will do: not every one was applied everywhere.
  const chosenOf = (place) => {
    const all = variantsOf(place);
    const right = all.filter((variant) => ['dataset', 'family'].every((part) =>
      variant.dataset[part] === undefined || selection[part] === undefined ||
      variant.dataset[part] === selection[part]));
    return right.find(fits) ?? right[0];
  };

  const contents = new WeakMap();
  const contentOf = (variant) => {
    if (!contents.has(variant)) contents.set(variant, JSON.parse(variant.textContent));
    return contents.get(variant);
  };

  // Names as the selectors show them, which are shorter.
  const labels = new Map([...document.querySelectorAll('.selectors label')].map((label) =>
    [label.querySelector('input').value, label.textContent.trim()]));
  const labelOf = (value) => labels.get(value) ?? value;

  const scopeOf = (variant) => parts.map((part) => variant.dataset[part]).filter(Boolean).map(labelOf).join(' · ');

  // ---- drawing --------------------------------------------------------------------------------

  const rowsOf = (table) =>
    table.rows.map((row) => Object.fromEntries(row.map((cell, i) => [table.columns[i], cell])));

  // The specification including its rows, as any Vega-Lite editor opens it.
  const standalone = (content) => ({
    ...content.spec,
    datasets: Object.fromEntries(
      Object.entries(content.tables).map(([name, table]) => [name, rowsOf(table)])),
  });

  const embed = (plot, content, excess) => {
    const width = plot.clientWidth;
    return vegaEmbed(plot, minimaChart.laidOut(standalone(content), width, excess), {
      ast: true, actions: false, renderer: 'svg', config: minimaChart.configFor(width),
      tooltip: { disableDefaultStyle: true },
    });
  };

  // All objects within a specification, outer ones first.
  const partsOf = (value) => value === null || typeof value !== 'object' ? []
    : [value, ...Object.values(value).flatMap(partsOf)];

  const pickedField = (spec) => partsOf(spec)
    .find((part) => part.name === 'picked' && part.bind === 'legend')?.select.fields[0];

  const namesOf = (spec, field) => {
    const channel = partsOf(spec).find((part) => part.field === field && part.scale?.domain);
    return channel?.legend?.values ?? channel?.scale.domain ?? [];
  };

  // Keyboard access to the selection in the legend: a button for each name.
  const pickers = (place, result) => {
    place.querySelector('.picks')?.remove();
    const field = pickedField(result.spec);
    if (!field) return;
    const signal = 'picked_' + field + '_legend';
    const names = namesOf(result.spec, field);
    if (names.length < 2) return;
    const group = document.createElement('div');
    group.className = 'picks';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Highlight by ' + field);
    group.append('Highlight: ');
    const buttons = names.map((name) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.setAttribute('aria-pressed', 'false');
      button.addEventListener('click', () => {
        const again = button.getAttribute('aria-pressed') === 'true';
        result.view.signal(signal, again ? null : name).runAsync();
      });
      group.append(button);
      return button;
    });
    result.view.addSignalListener(signal, (_, picked) => {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.textContent === picked));
    });
    place.querySelector('.tools').prepend(group);
  };

  const views = new Map();

  const forget = (place) => {
    views.get(place)?.finalize();
    views.delete(place);
  };

  const draw = async (place) => {
    const plot = place.querySelector('.plot');
    const variant = place.shown;
    const content = contentOf(variant);
    forget(place);
    try {
      let result = await embed(plot, content, 0);
      const excess = plot.scrollWidth - plot.clientWidth;
      if (content.spec.facet && excess > 0) {
        result.finalize();
        result = await embed(plot, content, excess + 4);
      }
      if (place.shown !== variant) return result.finalize();
      views.set(place, result);
      pickers(place, result);
      plot.classList.add('drawn');
      // The keyboard scrolls what does not fit.
      if (plot.scrollWidth > plot.clientWidth) plot.tabIndex = 0;
      else plot.removeAttribute('tabindex');
      place.dataset.width = String(plot.clientWidth);
      place.dataset.state = 'drawn';
    } catch (error) {
      place.dataset.state = 'failed';
      plot.textContent = 'This figure could not be drawn: ' + error.message;
      console.error(place.id, error);
    }
  };

  // ---- saving ---------------------------------------------------------------------------------

  const save = (name, type, text) => {
    const link = document.createElement('a');
    link.href = typeof text === 'string' && text.startsWith('data:')
      ? text : URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  };

  const csvField = (value) => {
    if (value === null || value === undefined) return '';
    const text = String(value);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };

  const csvOf = (table) =>
    [table.columns, ...table.rows].map((row) => row.map(csvField).join(',')).join('\n') + '\n';

  // Saved pictures get a white background, because they leave the page.
  const picture = async (place, type) => {
    if (!views.has(place)) await draw(place);
    const name = contentOf(place.shown).id;
    const view = views.get(place).view;
    view.background('white');
    const url = type === 'svg' ? await view.toSVG() : await view.toImageURL('png', 2);
    view.background(null);
    save(name + '.' + type, 'image/svg+xml', type === 'svg'
      ? url.replaceAll('currentColor', '#222').replaceAll('var(--card)', 'white') : url);
  };

  const addTools = (place, variant) => {
    const tools = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = 'Save';
    tools.append(summary);
    place.querySelector('.tools').replaceChildren(tools);
    const add = (label, title, action) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.title = title;
      button.addEventListener('click', action);
      tools.append(button);
    };
    const content = contentOf(variant);
    const names = Object.keys(content.tables);
    for (const name of names) {
      add(names.length > 1 ? 'CSV: ' + name : 'CSV', 'Save the data',
        () => save(content.id + (names.length > 1 ? '.' + name : '') + '.csv', 'text/csv',
          csvOf(content.tables[name])));
    }
    add('Vega-Lite', 'Save the specification with its data', () => {
      const spec = standalone(content);
      if (spec.width === 'container') spec.width = 640;
      save(content.id + '.vl.json', 'application/json', JSON.stringify(spec));
    });
    if (!canDraw) return;
    add('SVG', 'Save as a vector graphic', () => picture(place, 'svg'));
    add('PNG', 'Save as a picture', () => picture(place, 'png'));
  };

  // ---- showing the selection ------------------------------------------------------------------

  // Says what is missing if nothing was recorded for the selection.
  const showAbsent = (place) => {
    forget(place);
    place.shown = undefined;
    place.dataset.state = 'absent';
    place.querySelector('.plot').replaceChildren();
    place.querySelector('.tools').replaceChildren();
    const scopes = new Set(variantsOf(place).map((variant) =>
      ['dataset', 'family'].map((part) => variant.dataset[part]).filter(Boolean).map(labelOf).join(' ')));
    const absent = place.querySelector('.absent');
    absent.textContent = 'Nothing here for ' +
      ['dataset', 'family'].map((part) => selection[part]).filter(Boolean).map(labelOf).join(' ') +
      '. This figure exists for: ' + [...scopes].join('; ') + '.';
  };

  const show = (place) => {
    const variant = chosenOf(place);
    const isAbsent = variant === undefined;
    place.querySelector('.absent').hidden = !isAbsent;
    place.querySelector('.plot').hidden = isAbsent;
    place.querySelector('figcaption').hidden = isAbsent;
    place.querySelector('.scope').textContent = isAbsent ? '' : scopeOf(variant);
    if (isAbsent) return showAbsent(place);
    if (variant === place.shown) return;
    place.shown = variant;
    const content = contentOf(variant);
    place.querySelector('.title').textContent = content.title;
    const caption = place.querySelector('figcaption');
    caption.firstElementChild.textContent = content.caption;
    caption.querySelector('small').textContent = content.note;
    addTools(place, variant);
    if (!canDraw) return place.querySelector('.plot').remove();
    delete place.dataset.state;
    inView?.unobserve(place);
    inView?.observe(place);
  };

  const places = [...document.querySelectorAll('figure[data-figure]')];

  const inView = !canDraw ? null : new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      inView.unobserve(entry.target);
      if (entry.target.shown) draw(entry.target);
    }
  }, { rootMargin: '300px' });

  if (canDraw) {
    let timer = 0;
    window.addEventListener('resize', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const place of [...views.keys()]) {
          const width = place.querySelector('.plot').clientWidth;
          if (width > 0 && Math.abs(width - Number(place.dataset.width)) > 8) draw(place);
        }
      }, 200);
    });
    window.addEventListener('beforeprint', () => {
      for (const place of places) {
        const folded = place.closest('details:not([open])');
        if (!folded && place.shown && !views.has(place)) draw(place);
      }
    });
  }

  return {
    // Shows the figures for a selection such as {dataset: 'mnist', family: 'cnn'}.
    select: (chosen) => {
      selection = chosen;
      for (const place of places) show(place);
    },
  };
})();
