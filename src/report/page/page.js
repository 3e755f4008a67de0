// Draws the figures of a report when they come into view, and saves pictures and data.
'use strict';
(() => {
  const canDraw = typeof vegaEmbed === 'function';

  const contentOf = (figure) =>
    JSON.parse(figure.querySelector('script[type="application/json"]').textContent);

  const rowsOf = (table) =>
    table.rows.map((row) => Object.fromEntries(row.map((cell, i) => [table.columns[i], cell])));

  // The specification including its rows, as any Vega-Lite editor opens it.
  const standalone = (content) => ({
    ...content.spec,
    datasets: Object.fromEntries(
      Object.entries(content.tables).map(([name, table]) => [name, rowsOf(table)])),
  });

  const embed = (figure, content, excess) => {
    const plot = figure.querySelector('.plot');
    const width = plot.clientWidth;
    return vegaEmbed(plot, minimaChart.laidOut(standalone(content), width, excess), {
      ast: true, actions: false, renderer: 'svg', config: minimaChart.configFor(width),
      tooltip: { disableDefaultStyle: true },
    });
  };

  // Keyboard access to the selection in the legend: a button for each name.
  const pickers = (figure, result) => {
    figure.querySelector('.picks')?.remove();
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
    figure.querySelector('figcaption').before(group);
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

  const views = new Map();

  const draw = async (figure) => {
    const plot = figure.querySelector('.plot');
    const content = contentOf(figure);
    views.get(figure)?.finalize();
    try {
      let result = await embed(figure, content, 0);
      const excess = plot.scrollWidth - plot.clientWidth;
      if (content.spec.facet && excess > 0) {
        result.finalize();
        result = await embed(figure, content, excess + 4);
      }
      views.set(figure, result);
      pickers(figure, result);
      plot.classList.add('drawn');
      figure.dataset.width = String(plot.clientWidth);
      figure.dataset.state = 'drawn';
    } catch (error) {
      figure.dataset.state = 'failed';
      plot.textContent = 'This figure could not be drawn: ' + error.message;
      console.error(figure.id, error);
    }
  };

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
  const picture = async (figure, type) => {
    if (!views.has(figure)) await draw(figure);
    const view = views.get(figure).view;
    view.background('white');
    const url = type === 'svg' ? await view.toSVG() : await view.toImageURL('png', 2);
    view.background(null);
    save(figure.id + '.' + type, 'image/svg+xml', type === 'svg' ? url.replaceAll('currentColor', '#222') : url);
  };

  const addTools = (figure) => {
    const tools = figure.querySelector('.tools');
    const add = (label, title, action) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.title = title;
      button.addEventListener('click', action);
      tools.append(button);
    };
    const content = contentOf(figure);
    const names = Object.keys(content.tables);
    for (const name of names) {
      add(names.length > 1 ? 'CSV: ' + name : 'CSV', 'Save the data',
        () => save(figure.id + (names.length > 1 ? '.' + name : '') + '.csv', 'text/csv',
          csvOf(contentOf(figure).tables[name])));
    }
    add('Vega-Lite', 'Save the specification with its data', () => {
      const spec = standalone(contentOf(figure));
      if (spec.width === 'container') spec.width = 640;
      save(figure.id + '.vl.json', 'application/json', JSON.stringify(spec));
    });
    if (!canDraw) return;
    add('SVG', 'Save as a vector graphic', () => picture(figure, 'svg'));
    add('PNG', 'Save as a picture', () => picture(figure, 'png'));
  };

  const figures = [...document.querySelectorAll('figure[data-figure]')];
  for (const figure of figures) addTools(figure);
  for (const section of document.querySelectorAll('main > section')) {
    if (section.querySelector(':scope > figure')) section.classList.add('figures');
  }

  if (canDraw) {
    const inView = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        inView.unobserve(entry.target);
        draw(entry.target);
      }
    }, { rootMargin: '300px' });
    for (const figure of figures) inView.observe(figure);

    let timer = 0;
    window.addEventListener('resize', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const figure of views.keys()) {
          const width = figure.querySelector('.plot').clientWidth;
          if (Math.abs(width - Number(figure.dataset.width)) > 8) draw(figure);
        }
      }, 200);
    });
    window.addEventListener('beforeprint', () => {
      for (const figure of figures) if (!views.has(figure)) draw(figure);
    });
  } else {
    for (const figure of figures) figure.querySelector('.plot').remove();
  }

  // Marks the current section in the table of contents.
  const links = new Map([...document.querySelectorAll('nav a')]
    .map((link) => [link.hash.slice(1), link]));
  const here = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute('aria-current');
      links.get(entry.target.id)?.setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '0px 0px -70% 0px' });
  for (const section of document.querySelectorAll('main > section')) here.observe(section);
})();
