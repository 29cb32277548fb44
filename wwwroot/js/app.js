// What a page needs from the browser and a circuit cannot give: start and reconnection, keys, tooltips, the clipboard.

// Everything a page shows is in its address and in the store, so a circuit that is gone is answered by a reload.
const lost = document.getElementById("connection-lost");
const said = lost.querySelector("[data-connection]");
let attempt = 0,
  timer = 0,
  down = false;

async function reconnect() {
  clearTimeout(timer);
  attempt++;
  said.textContent = `Trying again, attempt ${attempt}.`;
  try {
    if (await Blazor.reconnect()) return up();
    location.reload();
  } catch {
    let wait = Math.min(10, attempt * 2);
    const tick = () => {
      if (!down) return;
      if (wait === 0) return reconnect();
      said.textContent = `Trying again in ${wait--} s, attempt ${attempt + 1}.`;
      timer = setTimeout(tick, 1000);
    };
    tick();
  }
}

function up() {
  down = false;
  attempt = 0;
  lost.hidden = true;
}

Blazor.start({
  circuit: {
    reconnectionHandler: {
      onConnectionDown() {
        if (down) return;
        down = true;
        lost.hidden = false;
        reconnect();
      },
      onConnectionUp: up,
    },
  },
});
lost.querySelector("button").addEventListener("click", reconnect);

// Pages with charts: the library is read while the server still reads the run.
if (/^\/(runs\/|compare|sweeps\/|lab)/.test(location.pathname)) import("/js/charts.js").then(charts => charts.load());

// Keys. An element says which key presses it: data-key="P", "Ctrl+Enter", or a sequence: "G R".
const sequence = [];
let sequenceTimer = 0;
const typing = element => element?.closest?.("input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]");
const lettersOn = () => {
  try {
    return localStorage.getItem("letters") !== "off";
  } catch {
    return true;
  }
};
// The key sheet's own button has no place on a narrow screen; its key works there all the same.
const pressable = element => element.hasAttribute("data-key-always") || visible(element);
const visible = element => element.getClientRects().length > 0 && !element.disabled && !element.closest("[inert]");

const FORMS = "form, dialog, [role=dialog], [role=group], .selbar";

function keyName(event) {
  const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl+" : "",
    event.shiftKey && event.key.length > 1 ? "Shift+" : "",
    event.altKey ? "Alt+" : "",
  ];
  return held.join("") + name;
}

function target(key) {
  return [...document.querySelectorAll("[data-key]")].filter(pressable).find(e => e.dataset.key.split("|").includes(key));
}

function press(element) {
  if (element.matches("input:not([type=checkbox],[type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    // A field that is being edited says its value when it is left; without this the button would act on the old one.
    if (typing(document.activeElement)) document.activeElement.blur();
    element.click();
  }
}

document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyName(event);
  if (key === "Escape") {
    document.querySelectorAll(".term.open").forEach(t => t.classList.remove("open"));
    const cancel = target("Escape"),
      field = typing(document.activeElement) ? document.activeElement : null;
    // In a field Escape gives up the form or dialog it belongs to, and nothing else on the page: else it leaves the field.
    if (cancel && (!field || cancel.closest(FORMS)?.contains(field))) {
      event.preventDefault();
      press(cancel);
    } else if (document.activeElement?.matches(".term")) document.activeElement.classList.add("quiet-tip");
    else field?.blur();
    return;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && (typing(event.target) || !lettersOn())) return;
  if (plain) {
    sequence.push(key);
    clearTimeout(sequenceTimer);
    sequenceTimer = setTimeout(() => (sequence.length = 0), 900);
  }
  const pair = sequence.slice(-2).join(" ");
  const found = (plain && sequence.length > 1 && target(pair)) || target(key) || (plain && (inRows(key) || numbers(key)));
  if (!found) return;
  sequence.length = 0;
  event.preventDefault();
  press(found);
});
document.addEventListener("focusout", event => event.target.classList?.remove("quiet-tip"));

// Lists of rows: J and K move the focus from row to row, X selects the row in focus, S stars it; Enter opens it, as any link.
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);
const ROW_KEYS = [
  ["J", "Next row"],
  ["K", "Previous row"],
  ["X", "Select the row"],
  ["S", "Star the row"],
];

function inRows(key) {
  const all = rows(),
    at = all.indexOf(document.activeElement?.closest?.("[data-row]"));
  if (key !== "J" && key !== "K") return all[at]?.querySelector(`[data-row-key="${key}"]`);
  const next = all[Math.min(all.length - 1, Math.max(0, at + (key === "J" || at < 0 ? 1 : -1)))]?.querySelector("[data-row-main]");
  return next && { matches: () => false, click: () => next.focus() };
}

// T shows the numbers of the figure in focus, or of the first one.
const figures = () => [...document.querySelectorAll("[data-figure]")].filter(f => f.querySelector("[data-numbers]"));
const numbers = key =>
  key === "T" && (figures().find(f => f.contains(document.activeElement)) ?? figures()[0])?.querySelector("[data-numbers]");

// The key sheet lists what the page's own attributes say, so it never names a key that does nothing here.
function openKeys() {
  const sheet = document.getElementById("key-sheet"),
    list = sheet.querySelector("[data-keys]");
  const found = [...document.querySelectorAll("[data-key]")]
    .filter(e => pressable(e) && !sheet.contains(e))
    .map(e => [
      e.dataset.key.replaceAll("|", ", "),
      e.dataset.keyLabel ?? e.getAttribute("aria-label") ?? e.innerText.replace(/\s+/g, " ").trim(),
    ]);
  const has = key => key === "J" || key === "K" || document.querySelector(`[data-rows] [data-row-key="${key}"]`);
  if (rows().length > 0) found.push(...ROW_KEYS.filter(([key]) => has(key)));
  if (figures().length > 0) found.push(["T", "Numbers of the figure in focus"]);
  list.replaceChildren(
    ...found
      .filter((row, i) => found.findIndex(r => r[0] === row[0]) === i)
      .flatMap(([key, label]) => {
        const term = document.createElement("dt"),
          value = document.createElement("dd"),
          name = document.createElement("kbd");
        term.textContent = label;
        name.textContent = key.replaceAll("+", " ");
        value.append(name);
        return [term, value];
      }),
  );
  sheet.querySelector("[data-letters]").checked = lettersOn();
  sheet.showModal();
}
document.addEventListener("click", event => {
  if (event.target.closest?.("[data-open-keys]")) openKeys();
  if (event.target.closest?.("[data-close-keys]")) document.getElementById("key-sheet").close();
});
document.addEventListener("change", event => {
  if (!event.target.matches?.("[data-letters]")) return;
  try {
    localStorage.setItem("letters", event.target.checked ? "on" : "off");
  } catch {
    /* storage is off */
  }
});

// An error's way to its field.
document.addEventListener("click", event => {
  const field = document.getElementById(event.target.closest?.("[data-focus]")?.dataset.focus ?? "");
  if (!field) return;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
  field.select?.();
});

// Copy link: the address holds all that a page shows.
document.addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy-link]");
  if (!button) return;
  const label = button.querySelector("[data-label]") ?? button,
    before = label.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    label.textContent = "Copied";
  } catch {
    label.textContent = "The address bar has it";
  }
  setTimeout(() => (label.textContent = before), 1500);
});
