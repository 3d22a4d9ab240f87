// What is written beside the graph: a revision, the query functions, one node, what was found.

import { element, fill } from "./element.js";
import { bytes, count, moment, time } from "./words.js";

/** A row that leads to a node, if that is there. */
function row(node, onChoose, ...more) {
  const state = node.state ? element("i", { class: `fill-${node.state}` }) : null;
  const name = element("span", { class: "name code", title: node.name }, node.name);
  if (node.id === null) return element("div", { class: "row" }, state, name, ...more);
  const made = element("button", { type: "button", class: "row" }, state, name, ...more);
  made.addEventListener("click", (event) => onChoose(node.id, event.detail > 1));
  return made;
}

function list(nodes, total, onChoose) {
  const rows = nodes.map((node) => element("li", {}, row(node, onChoose)));
  const rest = total > nodes.length ? element("p", { class: "hint" }, `and ${count(total - nodes.length)} more`) : null;
  return [element("ul", { class: "list" }, ...rows), rest];
}

function facts(pairs) {
  const parts = pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  return element("dl", { class: "facts" }, ...parts);
}

export function revisionPanel(panel, happened, onChoose) {
  if (!happened) return fill(panel, element("p", { class: "hint" }, "This revision is no longer remembered."));
  const tags = [
    ["inputs", "changed", ""], ["executed", "ran", ""], ["cut_off", "cut off", "cut"], ["validated", "validated", "cut"],
    ["failed", "failed", "failed"], ["cancelled", "given up", "empty"], ["evicted", "evicted", "empty"], ["cycles", "cycles", "failed"],
  ].filter(([name]) => happened[name]).map(([name, text, kind]) => element("span", { class: `tag ${kind}` }, `${count(happened[name])} ${text}`));
  const runs = happened.runs.map((run) => runItem(run, onChoose));
  const missing = happened.executed + happened.failed + happened.cancelled - runs.length;
  fill(
    panel,
    element("h2", {}, happened.revision),
    element("p", { class: "hint" }, `first heard of ${moment(happened.at)} after the inspector began`),
    element("div", { class: "tags" }, ...tags),
    ...(happened.inputs ? [element("h3", {}, "Inputs changed"), ...list(happened.changed, happened.inputs, onChoose)] : []).filter(Boolean),
    element("h3", {}, "What ran, and why"),
    ...(runs.length ? [element("ol", { class: "list" }, ...runs)] : [element("p", { class: "hint" }, "Nothing had to run.")]),
    ...(missing > 0 ? [element("p", { class: "hint" }, `and ${count(missing)} more`)] : []),
  );
}

const OUTCOMES = { ran: "ran", "cut off": "cut", failed: "failed", "given up": "empty" };

function runItem(run, onChoose) {
  const [first, ...rest] = run.because;
  const why = element("p", { class: "why" }, first ?? "");
  for (const line of rest) why.append(element("b", {}, " ← "), line);
  const item = row(run, onChoose, element("small", {}, run.outcome === "ran" ? "" : run.outcome), element("small", {}, run.took === null ? "" : time(run.took)));
  item.prepend(element("i", { class: `fill-${OUTCOMES[run.outcome] ?? "empty"}` }));
  return element("li", { class: "run" }, item, why);
}

const COLUMNS = [
  ["name", "query", (value) => value], ["nodes", "nodes", count], ["executions", "runs", count],
  ["mean", "mean", time], ["cost", "cost", time], ["bytes", "memory", bytes],
];
let sorted = "cost";

export function queriesPanel(panel, overview, onFind) {
  const { queries } = overview;
  queries.sort((one, other) => (sorted === "name" ? one.name.localeCompare(other.name) : other[sorted] - one[sorted]));
  const most = { cost: 0, bytes: 0 };
  for (const query of queries) for (const name of ["cost", "bytes"]) most[name] = Math.max(most[name], query[name]);
  const heads = COLUMNS.map(([name, text]) => {
    const button = element("button", { type: "button" }, text);
    button.addEventListener("click", () => {
      sorted = name;
      queriesPanel(panel, overview, onFind);
    });
    return element("th", name === sorted ? { "aria-sort": name === "name" ? "ascending" : "descending" } : {}, button);
  });
  const rows = queries.map((query) => {
    const cells = COLUMNS.map(([name, , text]) => {
      const bar = most[name] ? element("progress", { max: most[name], value: query[name], "aria-label": `${name} of the most` }) : null;
      return element("td", { class: name === "name" ? "code" : "", title: name === "name" ? query.name : "" }, text(query[name]), bar);
    });
    const made = element("tr", {}, ...cells);
    made.addEventListener("click", () => onFind(`${query.name}(`));
    return made;
  });
  fill(
    panel,
    element("p", { class: "hint" }, "cost = runs × how long a run keeps a core busy on average, without what it asks for"),
    element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)),
    ...(overview.functions > queries.length ? [element("p", { class: "hint" }, `${queries.length} of ${overview.functions} query functions`)] : []),
  );
}

export function nodePanel(panel, node, { onChoose, onAround, isAround }) {
  if (!node) return fill(panel, element("p", { class: "hint" }, "Choose a node in the graph, or find one. A double click shows what is around it."));
  const around = element("button", { type: "button", class: "tag" }, isAround ? "show the whole graph" : "show what is around it");
  around.addEventListener("click", () => onAround(isAround ? null : node.id));
  fill(
    panel,
    element("h2", { class: "code" }, node.full_name),
    element("div", { class: "tags" }, element("span", { class: "tag" }, node.kind), element("span", { class: `tag ${node.state}` }, node.state), around),
    facts([
      ["path", element("span", { class: "code" }, node.path)],
      [node.kind === "input" ? "sets seen" : "runs seen", `${count(node.runs)}${node.failures ? `, of which ${count(node.failures)} failed` : ""}`],
      ...(node.mean === null ? [] : [["a run, busy", `${time(node.mean)} on average of its function`], ["all runs", `${time(node.took)} with what they waited for`]]),
    ]),
    element("h3", {}, "Why"),
    element("pre", { class: "code" }, node.explanation.join("\n")),
    element("h3", {}, `Has read ${count(node.reads)}`),
    ...list(node.read, node.reads, onChoose).filter(Boolean),
    element("h3", {}, `Is read by ${count(node.readers)}`),
    ...list(node.read_by, node.readers, onChoose).filter(Boolean),
  );
}

export function foundPanel(panel, found, { onChoose, onPage }) {
  const rows = found.nodes.map((node) => row(node, onChoose, element("small", {}, node.kind)));
  const turn = (text, page) => {
    const button = element("button", { type: "button", disabled: page < 0 || page >= found.pages }, text);
    button.addEventListener("click", () => onPage(page));
    return button;
  };
  const many = found.total === 1 ? "1 node" : `${count(found.total)} nodes`;
  fill(panel, ...rows, element("div", { class: "pages" }, turn("‹", found.page - 1), `${many}, page ${found.page + 1} of ${found.pages}`, turn("›", found.page + 1)));
}
