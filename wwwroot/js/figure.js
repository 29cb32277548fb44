// What a chart looks like: axes, series, bands and marks of a specification as plotly's data and layout. Colours are read from tokens.css
// at draw time, so a theme change is a redraw.

const SERIES = {
  proxy: { mark: "circle", size: 7 },
  gold: { mark: "diamond", size: 8 },
  oe: { mark: "square", size: 6.5 },
  ce: { mark: "triangle-up", size: 8 },
  ink: { mark: "circle", size: 5 },
};

export const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const fade = (hex, alpha) => `rgba(${[1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(",")},${alpha})`;
// Only a sign is a minus: names keep their hyphens.
const minus = text => String(text).replace(/(^|[\s(])-(?=\d)/g, "$1\u2212");
export const escape = text => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
const seriesInk = key => token(key === "ink" ? "--ink-2" : `--${key}-ink`);

function axis(spec, vertical) {
  const font = { family: token("--family"), size: 11, color: token("--ink-3") };
  const result = {
    gridcolor: token("--line"),
    gridwidth: 1,
    zeroline: false,
    linecolor: token("--line-strong"),
    tickcolor: token("--line-strong"),
    tickfont: font,
    automargin: false,
    fixedrange: true,
    showspikes: false,
    separatethousands: true,
    title: { font },
    ...(vertical
      ? { nticks: spec?.ticks ?? 5 }
      : { showgrid: false, ticks: "outside", ticklen: 4, showline: true, tickformat: ",d", hoverformat: ",d", tickangle: 0 }),
  };
  if (!spec) return result;
  if (spec.range) result.range = spec.range;
  if (spec.toZero) result.rangemode = "tozero";
  if (spec.values) {
    result.tickvals = spec.values;
    result.ticktext = (spec.text ?? spec.values.map(v => v.toLocaleString("en"))).map(t => minus(escape(t)));
  }
  if (spec.format) result.tickformat = spec.format;
  if (spec.title) result.title = { text: spec.title, font, standoff: spec.standoff ?? 6 };
  if (spec.domain) result.domain = spec.domain;
  if (spec.anchor) result.anchor = spec.anchor;
  if (spec.angle) {
    result.tickangle = spec.angle;
    result.tickfont = { ...font, color: token("--ink-2") };
    result.ticklen = 3;
  }
  return result;
}

function traces(spec, width) {
  const bands = [],
    lines = [];
  for (const t of spec.traces) {
    const colour = token(`--${t.key}`),
      mark = SERIES[t.key],
      small = spec.small ? 1.5 : 0;
    const shared = { type: "scatter", x: t.x, yaxis: t.axis ?? undefined, name: escape(t.name) };
    if (t.low) {
      bands.push({ ...shared, y: t.high, mode: "lines", line: { width: 0 }, hoverinfo: "skip" });
      bands.push({
        ...shared,
        y: t.low,
        mode: "lines",
        line: { width: 0 },
        fill: "tonexty",
        fillcolor: fade(colour, +token("--band")),
        hoverinfo: "skip",
      });
    }
    if (!t.y) continue;
    const faint = t.style === "faint";
    lines.push({
      ...shared,
      y: t.y,
      mode: t.style === "marked" ? "lines+markers" : "lines",
      connectgaps: false,
      line: {
        color: faint ? fade(colour, t.key === "ink" ? 0.22 : 0.3) : colour,
        width: faint ? 1 : (t.width ?? (t.style === "marked" ? (spec.small ? 1.75 : 2) : 1.5)),
        dash: t.dash ?? undefined,
        shape: t.stepped ? "hvh" : "linear",
      },
      // Marks that would touch say less than fewer of them, and each takes its time.
      marker: {
        symbol: mark.mark,
        size: t.size ?? mark.size - small,
        color: colour,
        line: { width: 0 },
        maxdisplayed: Math.max(2, Math.floor(width / 12)),
      },
      ...(faint ? { hoverinfo: "skip" } : { hovertemplate: `%{y:${t.hover ?? ".2f"}}` }),
      ...(t.opacity ? { opacity: t.opacity } : {}),
    });
  }
  return [...bands, ...lines];
}

function marks(spec, narrow) {
  const shapes = [],
    annotations = [];
  const note = (o, size = 11) => annotations.push({ showarrow: false, ...o, text: minus(escape(o.text)), font: { size, color: o.color } });
  for (const m of spec.marks ?? []) {
    const colour = token(m.color ?? "--line-strong");
    const line = { color: colour, width: 1, dash: m.dash ?? undefined };
    if (m.kind === "vertical") {
      shapes.push({ type: "line", x0: m.x, x1: m.x, yref: "paper", y0: 0, y1: 1, line });
      if (m.text)
        note({
          x: m.x,
          yref: "paper",
          y: m.bottom ? 0 : 1,
          text: m.text,
          xanchor: m.left ? "right" : "left",
          xshift: m.left ? -5 : 5,
          yanchor: m.bottom ? "bottom" : "top",
          color: token(m.textColor ?? "--ink-3"),
        });
    } else if (m.kind === "horizontal") {
      shapes.push({ type: "line", x0: m.x, x1: m.x1, y0: m.y, y1: m.y, line });
    } else if (m.kind === "span") {
      const fill = m.color === "--bad" ? fade(colour, 0.07) : colour;
      shapes.push({ type: "rect", x0: m.x, x1: m.x1, yref: "paper", y0: 0, y1: 1, fillcolor: fill, line: { width: 0 }, layer: "below" });
      if (m.text)
        note({ x: (m.x + m.x1) / 2, yref: "paper", y: m.y ?? 1, text: m.text, yanchor: "top", color: token(m.textColor ?? "--ink-3") });
    } else if (m.kind === "bracket") {
      annotations.push({
        x: m.x,
        y: m.y,
        ax: m.x,
        ay: m.y1,
        axref: "x",
        ayref: "y",
        xref: "x",
        yref: "y",
        text: "",
        showarrow: true,
        arrowside: "start+end",
        arrowhead: 2,
        startarrowhead: 2,
        arrowsize: 0.8,
        startarrowsize: 0.8,
        arrowwidth: 1,
        arrowcolor: colour,
      });
      if (m.text && !narrow) note({ x: m.x, y: (m.y + m.y1) / 2, text: m.text, xanchor: "right", xshift: -6, color: colour });
    }
  }
  for (const e of spec.ends ?? []) {
    if (e.y === null) continue;
    note(
      { x: e.x, y: e.y, yref: e.axis ?? "y", text: e.text, xanchor: "left", xshift: 9, yshift: e.shift ?? 0, color: seriesInk(e.key) },
      e.size ?? 12,
    );
  }
  return { shapes, annotations };
}

/** Data and layout of a chart in an element. */
export function figure(element, spec) {
  const narrow = element.clientWidth < 520,
    font = { family: token("--family"), size: 11, color: token("--ink-3") };
  const layout = {
    font,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    hovermode: "x unified",
    hoversubplots: "axis",
    hoverlabel: {
      bgcolor: token("--surface"),
      bordercolor: token("--line-strong"),
      font: { family: token("--family"), size: 12, color: token("--ink") },
    },
    margin: spec.margin ?? { l: 44, r: 16, t: 8, b: 28 },
    separators: ".,",
    xaxis: axis(spec.x, false),
    yaxis: axis(spec.y, true),
    ...marks(spec, narrow),
    width: element.clientWidth,
    height: element.clientHeight,
  };
  // A tick label takes about 52 pixels, an upright one the height of its line.
  const most = Math.max(2, Math.floor((element.clientWidth - layout.margin.l - layout.margin.r) / (spec.x?.angle ? 13 : 52)));
  if (layout.xaxis.tickvals?.length > most + 1) {
    const every = Math.ceil((layout.xaxis.tickvals.length - 1) / most);
    layout.xaxis.ticktext = layout.xaxis.ticktext.filter((_, i) => i % every === 0);
    layout.xaxis.tickvals = layout.xaxis.tickvals.filter((_, i) => i % every === 0);
  }
  if (spec.y2) layout.yaxis2 = axis(spec.y2, true);
  return [traces(spec, layout.width - layout.margin.l - layout.margin.r), layout];
}
