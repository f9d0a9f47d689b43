// The colours of runs: those of package plots, Okabe and Ito's, which colour-blind readers can tell apart; lighter ones of
// the same hues on a dark ground. After seven runs the colours come again, dashed.

const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555"];
const DARK = ["#3b9de0", "#f0803c", "#1fbf92", "#dc97bf", "#edb02c", "#86ccf5", "#aab2bb"];
const DASHES = [null, "6 3", "2 2.5", "8 2.5 2 2.5", "12 4", "4 2"];

// COLORS is after how many places the colours come again.
export const COLORS = LIGHT.length;

const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
let wasDark = dark.matches;

// notice tells the listeners once that the scheme is another one. Who asks for it between the change and the browser's own
// event makes the browser forget that event: look therefore notices too.
function notice() {
  if (dark.matches === wasDark) return;
  wasDark = dark.matches;
  for (const f of listeners) f();
}
dark.addEventListener("change", notice);

// look returns the colour and dashes of place i. A saved chart is always on white.
export function look(i, onWhite = false) {
  if (dark.matches !== wasDark) queueMicrotask(notice);
  const colors = dark.matches && !onWhite ? DARK : LIGHT;
  return { color: colors[i % colors.length], dash: DASHES[Math.floor(i / colors.length) % DASHES.length] };
}

// onSchemeChange calls f when the reader goes over to dark or light.
export const onSchemeChange = (f) => listeners.push(f);

// Places gives each run a place of its own, the lowest that is free, and keeps it as long as the run is drawn: a run does
// not change its colour because another joins.
export class Places {
  #of = new Map();

  // keep lets go of runs that are no longer drawn and gives places to new ones.
  keep(ids) {
    const wanted = new Set(ids);
    for (const id of this.#of.keys()) if (!wanted.has(id)) this.#of.delete(id);
    const taken = new Set(this.#of.values());
    let next = 0;
    for (const id of ids) {
      if (this.#of.has(id)) continue;
      while (taken.has(next)) next++;
      taken.add(next);
      this.#of.set(id, next);
    }
  }

  has(id) {
    return this.#of.has(id);
  }
  of(id) {
    return this.#of.get(id) ?? 0;
  }
}
