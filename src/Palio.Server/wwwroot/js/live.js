// Follows what the server tells while a page is open.
//   data-live="URL"      a stream of server-sent events: "update" while it goes on, "end" when no more will come
//   data-region="NAME"   a part of the page that is drawn again by the server when something changed
let source = null;
let address = null;

/** Opens the page's stream, if it has one; closes the one of the page before. */
export function watch(redrawn) {
  const wanted = document.querySelector("[data-live]")?.dataset.live ?? null;
  if (wanted === address) return;
  source?.close();
  source = null;
  address = wanted;
  if (wanted) open(wanted, redrawn);
}

function open(url, redrawn) {
  const stream = new EventSource(url);
  const regions = new Regions(redrawn);
  let before = "";
  let told = -1;
  source = stream;
  stream.addEventListener("update", message => {
    const update = JSON.parse(message.data);
    if (!update.evaluation) {
      regions.refresh(1000);
      return;
    }
    const evaluation = update.evaluation;
    const state = `${evaluation.id} ${evaluation.state}`;
    const quarter = Math.floor(4 * evaluation.episodesDone / Math.max(1, evaluation.episodesTotal));
    show(evaluation);
    if (state !== before || quarter !== told) say(word(evaluation));
    regions.refresh(state !== before && before ? 0 : 3000);
    before = state;
    told = quarter;
  });
  stream.addEventListener("end", () => {
    stream.close();
    regions.refresh(0);
  });
}

const words = { queued: "Waiting", preparing: "Preparing", ready: "Ready", running: "Running", scoring: "Scoring", finished: "Done", failed: "Stopped", cancelled: "Cancelled" };

function word(evaluation) {
  if (evaluation.state === "running") return `Running ${evaluation.episodesDone}/${evaluation.episodesTotal}`;
  if (evaluation.state === "queued" && evaluation.queuePlace) return `Waiting (place ${evaluation.queuePlace})`;
  return words[evaluation.state] ?? evaluation.state;
}

function show(evaluation) {
  const number = new Intl.NumberFormat("en");
  set("[data-live-word]", word(evaluation));
  set("[data-live-count]", `${evaluation.episodesDone} of ${evaluation.episodesTotal} episodes · ${number.format(evaluation.steps ?? 0)} steps`);
  set("[data-live-detail]", evaluation.detail ?? "");
  for (const bar of document.querySelectorAll("[data-live-bar]")) {
    bar.max = Math.max(1, evaluation.episodesTotal);
    bar.value = evaluation.episodesDone;
  }
}

function say(text) {
  set("[data-live-said]", text);
}

function set(selector, text) {
  for (const element of document.querySelectorAll(selector)) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Draws the page's regions again from the server's own rendering, so that nothing is written twice. */
class Regions {
  #timer = null;
  #due = 0;
  #last = 0;

  constructor(redrawn) {
    this.redrawn = redrawn;
  }

  /** Refreshes once, at the earliest so many milliseconds after the last time. */
  refresh(pause) {
    const due = Math.max(performance.now(), this.#last + pause);
    if (this.#timer !== null && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#draw(), due - performance.now());
  }

  async #draw() {
    this.#timer = null;
    this.#last = performance.now();
    const from = location.href;
    let page;
    try {
      const response = await fetch(from, { headers: { accept: "text/html" } });
      if (!response.ok) return;
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return; // The server is away; the stream will reconnect and ask again.
    }
    if (from !== location.href) return;
    for (const region of document.querySelectorAll("[data-region]")) {
      const fresh = page.querySelector(`[data-region="${CSS.escape(region.dataset.region)}"]`);
      if (fresh) replace(region, fresh);
    }
    this.redrawn();
  }
}

function replace(region, fresh) {
  const open = [...region.querySelectorAll("details")].map(details => details.open);
  const focused = region.contains(document.activeElement) ? [...region.querySelectorAll("*")].indexOf(document.activeElement) : -1;
  const scrolled = [...region.querySelectorAll("pre, .table-frame")].map(box => [box.scrollLeft, box.scrollTop]);
  region.replaceChildren(...fresh.childNodes);
  region.querySelectorAll("details").forEach((details, i) => { if (open[i]) details.open = true; });
  region.querySelectorAll("pre, .table-frame").forEach((box, i) => { if (scrolled[i]) [box.scrollLeft, box.scrollTop] = scrolled[i]; });
  if (focused >= 0) region.querySelectorAll("*")[focused]?.focus?.();
}
