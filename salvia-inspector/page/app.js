// The page: what is being looked at, and asking for it again when something has happened.

import { ask } from "./ask.js";
import { byId, element, sign } from "./element.js";
import { GraphView } from "./graph.js";
import { foundPanel, nodePanel, queriesPanel, revisionPanel } from "./panels.js";
import { Timeline } from "./timeline.js";
import { bytes, count } from "./words.js";

const PULSE = 300;
/** Also without an event a node may have begun to run. */
const LOOK = 2000;

const at = { change: null, drawn: null, revision: null, chosen: null, around: null, tab: "revision", looked: -Infinity, ended: false };

const graph = new GraphView(byId("canvas"), choose);
const timeline = new Timeline(byId("timeline"), followRevision);

// --- Asking.

async function pulse() {
  const beat = await ask("pulse", { after: at.change });
  at.ended = beat.revision === null;
  const status = byId("status");
  status.textContent = at.ended ? "the runtime has ended" : `live · ${beat.revision}`;
  status.classList.toggle("ended", at.ended);
  if (beat.timeline) timeline.show(beat.timeline);
  // A graph of many nodes may be that of a moment ago.
  const due = beat.change !== at.drawn || performance.now() - at.looked > LOOK;
  if (beat.timeline || due) {
    at.change = beat.change;
    at.looked = performance.now();
    await look();
  }
}

/** Everything that is shown, once more. */
async function look() {
  await Promise.all([lookAtGraph(), lookAtRevision(), lookAtOverview(), lookAtNode()]);
}

async function lookAtGraph() {
  const around = at.around;
  const drawn = await ask("graph", { around });
  if (!drawn || around !== at.around) return;
  at.drawn = drawn.change;
  graph.show(drawn);
  byId("nothing").hidden = drawn.total > 0;
  const part = drawn.nodes.length < drawn.total ? `${count(drawn.nodes.length)} of ${count(drawn.total)} nodes` : `${count(drawn.total)} nodes`;
  byId("part").textContent = part;
}

async function lookAtRevision() {
  const revision = at.revision;
  const happened = await ask("revision", { revision });
  if (revision !== at.revision) return;
  timeline.choose(happened?.revision ?? revision);
  revisionPanel(byId("revision"), happened, choose);
}

async function lookAtOverview() {
  const overview = await ask("overview");
  if (!overview) return;
  const asked = overview.hits + overview.validations + overview.executions;
  const saved = asked ? `${Math.floor((100 * (asked - overview.executions)) / asked)} %` : "–";
  const figures = [
    ["queries", count(overview.nodes)], ["inputs", count(overview.inputs)], ["reads", count(overview.edges)],
    ["memory", bytes(overview.bytes)], ["runs", count(overview.executions)], ["without a run", saved],
  ];
  byId("figures").replaceChildren(...figures.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  queriesPanel(byId("queries"), overview, find);
}

async function lookAtNode() {
  const id = at.chosen;
  const node = id === null ? null : await ask("node", { id });
  if (id !== at.chosen) return;
  nodePanel(byId("node"), node, { onChoose: choose, onAround: lookAround, isAround: at.around !== null && at.around === id });
}

// --- Choosing.

/** Shows a node; or, if `around` is true, the graph around it. */
function choose(id, around) {
  at.chosen = id;
  graph.choose(id);
  if (id !== null) {
    open("node");
    if (around || !graph.nodes.some((node) => node.id === id)) return lookAround(id);
  }
  attempt(lookAtNode);
}

function lookAround(id) {
  at.around = id;
  const note = byId("around");
  note.hidden = id === null;
  note.replaceChildren();
  if (id !== null) {
    const back = element("button", { type: "button", class: "tag" }, "show the whole graph");
    back.addEventListener("click", () => lookAround(null));
    note.append("around one node ", back);
  }
  graph.refit();
  attempt(() => Promise.all([lookAtGraph(), lookAtNode()]));
}

function followRevision(revision) {
  at.revision = revision;
  byId("newest").setAttribute("aria-pressed", String(revision === null));
  if (revision !== null) open("revision");
  attempt(lookAtRevision);
}

function open(tab) {
  at.tab = tab;
  for (const button of byId("tabs").children) {
    button.setAttribute("aria-selected", String(button.value === tab));
    byId(button.value).hidden = button.value !== tab;
  }
}

function colourBy(what) {
  graph.colourBy = what;
  for (const button of byId("colour").children) button.setAttribute("aria-pressed", String(button.value === what));
  const heat = what === "runs" ? "most runs" : "most cost (runs × mean of the function)";
  const signs = what === "state"
    ? [sign("clean", "clean"), sign("dirty", "dirty"), sign("running", "running"), sign("empty", "no value")]
    : ["none", sign("heat", heat)];
  byId("legend").replaceChildren(...signs);
  graph.draw();
}

// --- Finding.

let wanted = 0;

async function find(text, page = 0) {
  const panel = byId("found");
  byId("search").value = text;
  const mine = ++wanted;
  if (!text) return (panel.hidden = true);
  const found = await ask("search", { text, page });
  if (!found || mine !== wanted) return;
  panel.hidden = false;
  foundPanel(panel, found, {
    onChoose: (id, around) => {
      panel.hidden = true;
      choose(id, around);
    },
    onPage: (page) => attempt(() => find(text, page)),
  });
}

// --- Beginning.

/** Does something that asks; a program that is gone is no error of the page. */
async function attempt(what) {
  try {
    await what();
    return true;
  } catch {
    byId("status").textContent = "no answer";
    byId("status").classList.add("ended");
    return false;
  }
}

function listen() {
  byId("tabs").addEventListener("click", ({ target }) => target.value && open(target.value));
  byId("colour").addEventListener("click", ({ target }) => target.value && colourBy(target.value));
  byId("fit").addEventListener("click", () => graph.fit());
  byId("nearer").addEventListener("click", () => graph.zoom(1.4));
  byId("farther").addEventListener("click", () => graph.zoom(1 / 1.4));
  byId("newest").addEventListener("click", () => followRevision(null));
  const search = byId("search");
  search.addEventListener("input", () => attempt(() => find(search.value)));
  search.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") attempt(() => find(""));
    if (key === "Enter") byId("found").querySelector("button.row")?.click();
  });
  addEventListener("pointerdown", ({ target }) => {
    if (!target.closest?.(".search")) byId("found").hidden = true;
  });
  addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey) return;
    const keys = { "/": () => search.focus(), f: () => graph.fit(), "+": () => graph.zoom(1.4), "-": () => graph.zoom(1 / 1.4) };
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

async function live() {
  let pause = PULSE;
  if (!document.hidden) pause = (await attempt(pulse)) && !at.ended ? PULSE : LOOK;
  setTimeout(live, pause);
}

listen();
colourBy("state");
open("revision");
nodePanel(byId("node"), null, {});
live();
