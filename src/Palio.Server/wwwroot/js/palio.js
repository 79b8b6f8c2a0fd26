// All the script Palio's pages need: local times, the light/dark switch, copy buttons, live submissions and boards.
// Every page works without it.
import { watch } from "./live.js";

const root = document.documentElement;

function enhance() {
  root.classList.add("js");
  for (const time of document.querySelectorAll("time[data-when]")) localise(time);
  for (const box of document.querySelectorAll("[data-copy]")) addCopyButton(box);
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) reveal(tab);
  watch(enhance);
}

/** On a phone the tabs scroll sideways; the present one should be in sight. */
function reveal(tab) {
  const bar = tab.closest(".tabs");
  const [from, to] = [tab.offsetLeft, tab.offsetLeft + tab.offsetWidth];
  if (to > bar.scrollLeft + bar.clientWidth) bar.scrollLeft = to - bar.clientWidth + 40;
  else if (from < bar.scrollLeft) bar.scrollLeft = from - 40;
}

const styles = {
  day: { day: "numeric", month: "short", year: "numeric" },
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short" },
  second: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
};

function localise(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  const text = new Intl.DateTimeFormat("en-GB", styles[time.dataset.when] ?? styles.minute).format(at);
  if (time.textContent !== text) time.textContent = text;
  time.title = at.toISOString().replace("T", " ").replace(".000Z", " UTC");
}

function addCopyButton(box) {
  if (box.querySelector(":scope > button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const text = [...box.querySelector("pre").textContent.split("\n")].filter(line => line && !line.startsWith("#")).join("\n");
    button.textContent = await copy(text) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  box.append(button);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // Not a secure context, or not allowed.
  }
}

document.addEventListener("click", event => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `palio-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

function start() {
  enhance();
  window.Blazor?.addEventListener("enhancedload", enhance);
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
