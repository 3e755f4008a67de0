// Style and layout of charts, for the page and for files written by Node.
'use strict';
const minimaChart = (() => {
  const narrow = 620;

  // "currentColor" follows the page, so light, dark and print need no redrawing.
  const configFor = (width) => {
    const text = { labelColor: 'currentColor', titleColor: 'currentColor' };
    const font = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
    return {
      background: null,
      font,
      view: { stroke: 'currentColor', strokeOpacity: 0.15 },
      axis: {
        ...text, domainColor: 'currentColor', domainOpacity: 0.4, tickColor: 'currentColor',
        tickOpacity: 0.4, gridColor: 'currentColor', gridOpacity: 0.1, labelFontSize: 12,
        titleFontSize: 12, titleFontWeight: 500, labelOverlap: 'greedy', labelSeparation: 8,
      },
      legend: {
        ...text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, labelLimit: 260, labelSeparation: 8,
        symbolBaseFillColor: 'currentColor', symbolBaseStrokeColor: 'currentColor',
        ...(width < narrow
          ? { orient: 'bottom', layout: { top: { direction: 'vertical' }, bottom: { direction: 'vertical' } } }
          : {}),
      },
      header: { ...text, labelFontSize: 12 },
      title: { color: 'currentColor', fontSize: 13, anchor: 'start' },
    };
  };

  // Width beside the panels: the legend, and the axis (one per row or one per panel).
  const legendWidth = (spec, width) =>
    width >= narrow && JSON.stringify(spec).includes('"gradient') ? 130 : 0;
  const axisWidth = 74;

  // Puts as many panels side by side as fit and widens them to the container. `excess`: pixels by
  // which an earlier attempt was too wide. A figure without facets fits its container by itself.
  const laidOut = (spec, width, excess = 0) => {
    if (!spec.facet) return spec;
    const least = spec.spec.width;
    const ownAxes = spec.resolve?.scale?.y === 'independent';
    const gap = ownAxes ? 24 + axisWidth : 24;
    const room = width - legendWidth(spec, width) - axisWidth;
    const columns = Math.max(1, Math.min(spec.facet.sort.length, Math.floor((room + gap) / (least + gap))));
    const fitting = Math.min(Math.floor((room + gap) / columns) - gap, 900);
    const panel = Math.max(120, fitting - Math.ceil(excess / columns));
    const header = { ...spec.facet.header, labelLimit: panel };
    return {
      ...spec, columns, spacing: 24, facet: { ...spec.facet, header },
      spec: { ...spec.spec, width: panel },
    };
  };

  return { configFor, laidOut };
})();
