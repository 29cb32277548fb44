// Charts: one module over plotly.js. The server sends what to draw (arrays, series keys, ranges); when and where it is drawn and saved is
// decided here, what it looks like in figure.js.

import { escape, figure, token } from "./figure.js";

const MINIMUM_INTERVAL = 250; // ms between two redraws of one chart
const charts = new Map(); // element -> { spec, drawn, timer, width, height }

let loading;
function plotly() {
  return (loading ??= new Promise((resolve, reject) => {
    if (globalThis.Plotly) return resolve(globalThis.Plotly);
    const script = document.createElement("script");
    script.src = new URL("../lib/plotly/plotly-basic.min.js", import.meta.url).href;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error("plotly-basic.min.js did not load"));
    };
    document.head.append(script);
  }));
}

// Asked for once: asking the fonts again has the browser lay the page out first.
let prepared;
const ready = () =>
  (prepared ??= Promise.all([plotly(), document.fonts.ready]).catch(error => {
    prepared = undefined;
    throw error;
  }));

function draw(element) {
  const chart = charts.get(element);
  if (!chart || !element.isConnected || !globalThis.Plotly || !element.clientWidth) return;
  chart.drawn = performance.now();
  const [data, layout] = figure(element, chart.spec);
  [chart.width, chart.height] = [layout.width, layout.height];
  Plotly.react(element, data, layout, { displayModeBar: false, responsive: false });
  element.dataset.points = String(data.reduce((most, t) => Math.max(most, t.x.length), 0));
  element.dataset.drawn = String(+(element.dataset.drawn ?? 0) + 1);
}

// What is in view is drawn at once; the rest while nothing else waits, so that a long page shows its head first.
const idle = globalThis.requestIdleCallback ?? (action => setTimeout(action, 50));
const inView = element => {
  const at = element.getBoundingClientRect();
  return at.top < innerHeight && at.bottom > 0;
};
const SLICE = 80; // ms of drawing between two frames: a frame a chart would take as long as the chart
const waiting = [];

function drawWaiting() {
  const start = performance.now();
  try {
    while (waiting.length > 0 && performance.now() - start < SLICE) drawFirst(waiting.shift());
  } finally {
    if (waiting.length > 0) idle(drawWaiting, { timeout: 200 });
  }
}

// Says each chart's size once when it begins to look, too: that is the one just drawn.
const resized = new ResizeObserver(entries => {
  for (const { target } of entries) {
    const chart = charts.get(target);
    if (chart && (chart.width !== target.clientWidth || chart.height !== target.clientHeight)) schedule(target);
  }
});

function schedule(element) {
  const chart = charts.get(element);
  if (!chart || chart.timer) return;
  const wait = Math.max(0, chart.drawn + MINIMUM_INTERVAL - performance.now());
  chart.timer = setTimeout(() => {
    chart.timer = 0;
    draw(element);
  }, wait);
}

/** Loads what charts need before the first is asked for. */
export function load() {
  plotly().catch(() => {
    /* the first chart tries again, and says so */
  });
  // The Greek letters come with the first page that has one, and every chart waits until no letter is missing.
  document.fonts.load(`11px ${token("--family")}`, "ρ").catch(() => {
    /* drawn in another face */
  });
}

/** Draws a chart into an element. `json`: the serialised ChartSpec. */
export async function create(element, json) {
  if (!element) return;
  charts.set(element, { spec: JSON.parse(json), drawn: -MINIMUM_INTERVAL, timer: 0 });
  await ready();
  if (inView(element)) return drawFirst(element);
  if (waiting.push(element) === 1) idle(drawWaiting, { timeout: 200 });
}

function drawFirst(element) {
  draw(element);
  if (charts.has(element)) resized.observe(element);
}

/** Replaces what a chart shows; several calls within a quarter of a second are drawn once. */
export function update(element, json) {
  const chart = charts.get(element);
  if (!chart) return create(element, json);
  chart.spec = JSON.parse(json);
  schedule(element);
}

/** Takes a chart down and frees what plotly holds for it. */
export function dispose(element) {
  const chart = charts.get(element);
  if (!chart) return;
  clearTimeout(chart.timer);
  resized.unobserve(element);
  charts.delete(element);
  globalThis.Plotly?.purge(element);
}

/** Saves a chart as an image: always in the light theme, on white. `format`: `png` or `svg`; `head`: what stands above it, or null. */
export async function save(element, format, name, head) {
  if (!charts.has(element)) return;
  const { svg, width, height } = await drawing(element);
  const top = head ? 44 : 0;
  return saveDrawing(
    sheet(width, height + top, [head ? heading(head, 10, 18, false) : "", svg.replace("<svg", `<svg y="${top}"`)]),
    format,
    name,
  );
}

/** Saves several charts as one figure: a grid with the columns' titles above it and `rows` beside it, or with a title above every chart. */
export async function saveGrid(selector, columns, format, name, titles, rows) {
  const cells = [...document.querySelectorAll(selector)].filter(e => charts.has(e));
  if (cells.length === 0) return;
  const head = 28,
    left = rows ? 116 : 0,
    width = Math.max(...cells.map(e => e.clientWidth));
  const lines = Array.from({ length: Math.ceil(cells.length / columns) }, (_, r) => cells.slice(r * columns, (r + 1) * columns));
  const heights = lines.map(line => Math.max(...line.map(e => e.clientHeight)));
  const each = titles.length > columns; // a title for every chart, not for every column
  const top = r => (each ? (r + 1) * head : head) + heights.slice(0, r).reduce((a, b) => a + b, 0);
  const parts = titles.map((t, i) =>
    text(t, left + (i % columns) * width + (each ? 8 : 40), top(Math.floor(i / columns)) - 10, each ? 12 : 15, 600),
  );
  for (const [r, line] of lines.entries()) {
    if (rows) parts.push(heading(rows[r], 8, top(r) + 20, true));
    for (const [c, element] of line.entries()) {
      const { svg } = await drawing(element);
      parts.push(svg.replace("<svg", `<svg x="${left + c * width}" y="${top(r)}"`));
    }
  }
  return saveDrawing(sheet(left + width * columns, top(lines.length - 1) + heights.at(-1), parts), format, name);
}

// One chart as SVG text in the light theme, however the page looks.
async function drawing(element) {
  const [data, layout] = inLightTheme(() => figure(element, charts.get(element).spec));
  const url = await Plotly.toImage({ data, layout }, { format: "svg", width: layout.width, height: layout.height });
  return { svg: decodeURIComponent(url.slice(url.indexOf(",") + 1)), width: layout.width, height: layout.height };
}

const sheet = (width, height, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}"` +
  ` viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`;

const text = (what, x, y, size, weight, colour = "--ink") =>
  `<text x="${x}" y="${y}" font-family="Inter, sans-serif" font-size="${size}" font-weight="${weight}"` +
  ` fill="${inLightTheme(() => token(colour))}">${escape(what)}</text>`;

const MARKS = {
  proxy: '<circle r="4"/>',
  gold: '<path d="M0-5L5 0 0 5-5 0z"/>',
  oe: '<path d="M-4-4H4V4H-4z"/>',
  ce: '<path d="M0-4.500L5 4H-5z"/>',
};

// Title, unit and key: on lines of their own beside a row, on two lines above a chart.
function heading({ title, unit, keys }, x, y, narrow) {
  const parts = [text(title, x, y, narrow ? 12 : 14, 600)];
  if (narrow) {
    // About 17 letters to a line; a unit is a few words.
    const lines = unit.split(" ").reduce((all, word) => {
      const at = all.length - 1;
      if (at >= 0 && all[at].length + word.length < 17) all[at] += ` ${word}`;
      else all.push(word);
      return all;
    }, []);
    for (const line of lines) parts.push(text(line, x, (y += 15), 11, 400, "--ink-3"));
  } else if (unit) parts.push(text(unit, x, y + 17, 11, 400, "--ink-3"));
  let at = x + (narrow || !unit ? 0 : unit.length * 5.6 + 16);
  for (const { series, name } of keys) {
    y += narrow ? 18 : 0;
    const line = narrow ? y : y + 17;
    parts.push(
      `<g transform="translate(${at + 5} ${line - 4})" fill="${token(`--${series}`)}">${MARKS[series]}</g>`,
      text(name, at + 15, line, 11, 400),
    );
    if (!narrow) at += name.length * 6 + 32;
  }
  return parts.join("");
}

/** Saves an SVG drawing. `format`: `png`, at three times its size, or `svg`. */
export async function saveDrawing(svg, format, name) {
  if (format === "svg") return saveText(svg, `${name}.svg`, "image/svg+xml");
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(svg);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 3, height: image.height * 3 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  click(canvas.toDataURL("image/png"), `${name}.png`);
}

/** Saves a text as a file. */
export function saveText(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  click(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function click(href, download) {
  const anchor = Object.assign(document.createElement("a"), { href, download });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}

// Styles are computed at once and nothing is painted in between, so the page itself does not flicker.
function inLightTheme(action) {
  const root = document.documentElement,
    before = root.dataset.theme;
  root.dataset.theme = "light";
  try {
    return action();
  } finally {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
  }
}

const redrawAll = () => {
  for (const element of charts.keys()) draw(element);
};
addEventListener("themechange", redrawAll);
addEventListener("beforeprint", () => inLightTheme(redrawAll));
addEventListener("afterprint", redrawAll);
