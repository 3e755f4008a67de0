// Style and layout of charts, for the page and for files written by Node.
'use strict';
const minimaChart = (() => {
  const narrow = 540;

  // "currentColor" follows the page, so light, dark and print need no redrawing.
  const configFor = (width) => {
    const text = { labelColor: 'currentColor', titleColor: 'currentColor' };
    const font = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
    return {
      background: null,
      font,
      view: { stroke: null },
      text: { font },
      axis: {
        ...text, domainColor: 'currentColor', domainOpacity: 0.35, tickColor: 'currentColor',
        tickOpacity: 0.35, tickSize: 4, gridColor: 'currentColor', gridOpacity: 0.09,
        labelFontSize: 12, labelPadding: 4, titleFontSize: 12, titleFontWeight: 500,
        titlePadding: 8, labelOverlap: 'greedy', labelSeparation: 8,
      },
      legend: {
        ...text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, titleLimit: 320, labelLimit: 260,
        labelSeparation: 8, symbolBaseFillColor: 'currentColor',
        symbolBaseStrokeColor: 'currentColor', symbolStrokeWidth: 2,
        ...(width < narrow
          ? {
            orient: 'bottom', direction: 'horizontal',
            layout: { top: { direction: 'vertical', anchor: 'start' }, bottom: { direction: 'vertical' } },
          }
          : { layout: { top: { anchor: 'start', margin: 20 } } }),
      },
      header: { ...text, labelFontSize: 12 },
      axisX: { grid: false },
      title: { color: 'currentColor', fontSize: 13, anchor: 'start' },
      // "95 %", as in the text of the page.
      locale: { number: { decimal: '.', thousands: ',', grouping: [3], currency: ['', ''], percent: ' %' } },
    };
  };

  // In a narrow figure, legends at the top have two columns, and labels that must all be shown are
  // slanted.
  const fitted = (spec, width) => JSON.parse(JSON.stringify(spec), (key, value) => {
    if (width >= narrow / 1.3) return value;
    if (key === 'legend' && value?.orient === 'top') return { ...value, columns: 2 };
    if (key === 'axis' && value?.labelOverlap === false) return { ...value, labelAngle: -45 };
    return value;
  });

  // Width beside the panels: the legend, and the axis (none, one per row, or one per panel).
  const legendWidth = (spec, width) =>
    width >= narrow && JSON.stringify(spec).includes('"gradient') ? 130 : 0;
  const axisWidth = 74;

  // Puts as many panels side by side as fit and widens them to the container. `excess`: pixels by
  // which an earlier attempt was too wide. A figure without facets fits its container by itself.
  const laidOut = (given, width, excess = 0) => {
    const spec = fitted(given, width);
    if (!spec.facet) return spec;
    const gap = 24;
    const isGrid = Boolean(spec.facet.column);
    const count = isGrid ? spec.facet.column.sort.length : spec.facet.sort.length;
    const least = isGrid ? 1 : spec.spec.width;
    const axis = JSON.stringify(spec.spec).includes('"axis":null') ? 0 : axisWidth;
    const between = spec.resolve?.scale?.y === 'independent' ? gap + axis : gap;
    const room = width - legendWidth(spec, width) - axis - (isGrid ? 30 : 0);
    const columns = isGrid ? count
      : Math.max(1, Math.min(count, Math.floor((room + between) / (least + between))));
    const fitting = Math.min(Math.floor((room + between) / columns) - between, spec.usermeta?.widest ?? 900);
    const panel = Math.max(isGrid ? 60 : 120, fitting - Math.ceil(excess / columns));
    const header = (facet) => ({ ...facet, header: { ...facet.header, labelLimit: panel + between - gap, labelAnchor: 'start' } });
    const inner = { ...spec.spec, width: panel };
    if (isGrid) {
      return { ...spec, spacing: gap / 2, facet: { row: spec.facet.row, column: header(spec.facet.column) }, spec: inner };
    }
    return { ...spec, columns, spacing: gap, facet: header(spec.facet), spec: inner };
  };

  return { configFor, laidOut };
})();
