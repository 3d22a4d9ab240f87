// The drawn graph: zoom, pan, choosing a node, colours.

import { colour, sheet } from "./element.js";
import { HEIGHT, WIDTH, layout } from "./layout.js";

const FLASH = 1400;
const GLIDE = 350;

export class GraphView {
  nodes = [];
  edges = [];
  chosen = null;
  colourBy = "state";
  #view = { x: 0, y: 0, scale: 1 };
  #fitted = false;
  #over = null;
  #known = -1;
  #glide = 0;
  #drawing = false;

  constructor(canvas, onChoose) {
    this.canvas = canvas;
    this.onChoose = onChoose;
    this.#listen();
    new ResizeObserver(() => (this.#fitted ? this.draw() : this.fit())).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Takes over what there is now. Nodes that stayed glide to their new places; what has changed since flashes. */
  show({ nodes, edges }) {
    const former = new Map(this.nodes.map((node) => [node.id, node]));
    const now = performance.now();
    const same = this.#isSame(nodes, edges);
    if (same) {
      nodes.forEach((node, place) => Object.assign(node, { x: this.nodes[place].x, y: this.nodes[place].y }));
    } else {
      layout(nodes, edges, this.nodes);
      this.#glide = now;
    }
    let newest = this.#known;
    for (const node of nodes) {
      const before = former.get(node.id);
      node.fromX = before ? (same ? before.fromX : before.x) : node.x;
      node.fromY = before ? (same ? before.fromY : before.y) : node.y;
      node.flash = this.#known >= 0 && node.change > this.#known ? now : (before?.flash ?? -Infinity);
      newest = Math.max(newest, node.change);
    }
    this.#known = newest;
    this.nodes = nodes;
    this.edges = edges;
    if (this.#fitted) this.draw();
    else this.fit();
  }

  #isSame(nodes, edges) {
    return nodes.length === this.nodes.length && edges.length === this.edges.length
      && nodes.every((node, place) => node.id === this.nodes[place].id)
      && edges.every((edge, place) => edge[0] === this.edges[place][0] && edge[1] === this.edges[place][1]);
  }

  /** Shows all of it. */
  fit() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!this.nodes.length || !width) return this.draw();
    const xs = this.nodes.map((node) => node.x);
    const ys = this.nodes.map((node) => node.y);
    const [left, right] = [Math.min(...xs), Math.max(...xs) + WIDTH];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys) + HEIGHT];
    const space = { x: 28, top: 56, bottom: 44 };
    const room = { width: width - 2 * space.x, height: height - space.top - space.bottom };
    const scale = Math.min(1.15, room.width / (right - left), room.height / (bottom - top));
    this.#view = {
      scale,
      x: space.x + (room.width - (right - left) * scale) / 2 - left * scale,
      y: space.top + (room.height - (bottom - top) * scale) / 2 - top * scale,
    };
    this.#fitted = true;
    this.draw();
  }

  /** Lets the next picture be shown as a whole. */
  refit() {
    this.#fitted = false;
  }

  zoom(factor, x, y) {
    const { width, height } = this.canvas.getBoundingClientRect();
    const [atX, atY] = [x ?? width / 2, y ?? height / 2];
    const scale = Math.min(4, Math.max(0.03, this.#view.scale * factor));
    const by = scale / this.#view.scale;
    this.#view = { scale, x: atX - (atX - this.#view.x) * by, y: atY - (atY - this.#view.y) * by };
    this.draw();
  }

  choose(id) {
    this.chosen = id;
    this.draw();
  }

  draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      if (this.#paint(performance.now())) this.draw();
    });
  }

  /** Paints everything. Says whether something is still moving. */
  #paint(now) {
    const { pen, width, height } = sheet(this.canvas);
    const { x, y, scale } = this.#view;
    const passed = Math.min(1, (now - this.#glide) / GLIDE);
    const eased = 1 - (1 - passed) ** 3;
    for (const node of this.nodes) {
      node.atX = node.fromX + (node.x - node.fromX) * eased;
      node.atY = node.fromY + (node.y - node.fromY) * eased;
    }
    pen.translate(x, y);
    pen.scale(scale, scale);
    const seen = { left: -x / scale, top: -y / scale, right: (width - x) / scale, bottom: (height - y) / scale };
    this.#paintEdges(pen, scale);
    const flashing = this.#paintNodes(pen, scale, seen, now);
    return flashing || passed < 1;
  }

  #paintEdges(pen, scale) {
    const [line, accent] = [colour("faint"), colour("accent")];
    pen.lineWidth = 1 / Math.max(scale, 0.5);
    for (const strong of [false, true]) {
      pen.strokeStyle = strong ? accent : line;
      pen.globalAlpha = strong ? 0.95 : Math.min(0.45, 40 / Math.sqrt(this.edges.length + 1) / 10);
      if (strong) pen.lineWidth = 1.8 / Math.max(scale, 0.5);
      pen.beginPath();
      for (const [reader, read] of this.edges) {
        const [to, from] = [this.nodes[reader], this.nodes[read]];
        const of = [this.chosen, this.#over?.id];
        if ((of.includes(to.id) || of.includes(from.id)) !== strong) continue;
        const [startX, startY] = [from.atX + WIDTH, from.atY + HEIGHT / 2];
        const [endX, endY] = [to.atX, to.atY + HEIGHT / 2];
        const bend = Math.max(30, Math.abs(endX - startX) / 2);
        pen.moveTo(startX, startY);
        pen.bezierCurveTo(startX + bend, startY, endX - bend, endY, endX, endY);
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  #paintNodes(pen, scale, seen, now) {
    const paint = this.#paints();
    const [ink, faint, accent, failed] = ["ink", "faint", "accent", "failed"].map(colour);
    // Never smaller on the screen than can be read, as long as a name's beginning has room.
    const letters = Math.max(12.5, 8.5 / scale);
    const named = letters < HEIGHT * 0.95;
    pen.font = `${letters}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace`;
    pen.textBaseline = "middle";
    let flashing = false;
    for (const node of this.nodes) {
      const { atX, atY } = node;
      const age = (now - node.flash) / FLASH;
      flashing ||= age < 1;
      if (atX > seen.right || atX + WIDTH < seen.left || atY > seen.bottom || atY + HEIGHT < seen.top) continue;
      pen.beginPath();
      pen.roundRect(atX, atY, WIDTH, HEIGHT, node.kind === "input" ? 3 : HEIGHT / 2);
      pen.fillStyle = paint(node);
      pen.fill();
      const chosen = node.id === this.chosen;
      pen.strokeStyle = chosen || node === this.#over ? accent : node.failures ? failed : faint;
      pen.globalAlpha = chosen || node === this.#over || node.failures ? 1 : 0.4;
      pen.lineWidth = chosen ? 3 : 1.2;
      if (node.kind === "watch") pen.setLineDash([5, 3]);
      pen.stroke();
      pen.setLineDash([]);
      pen.globalAlpha = 1;
      if (age < 1) {
        pen.globalAlpha = 1 - age;
        pen.strokeStyle = accent;
        pen.lineWidth = 3;
        pen.beginPath();
        pen.roundRect(atX - 8 * age - 2, atY - 8 * age - 2, WIDTH + 16 * age + 4, HEIGHT + 16 * age + 4, HEIGHT / 2);
        pen.stroke();
        pen.globalAlpha = 1;
      }
      if (named) {
        pen.fillStyle = node.hot ? "#fff" : ink;
        pen.fillText(fitted(node.name, letters), atX + 12, atY + HEIGHT / 2 + 0.5);
      }
    }
    return flashing;
  }

  /** A function from a node to its colour. */
  #paints() {
    if (this.colourBy === "state") {
      const all = Object.fromEntries(["clean", "dirty", "running", "empty"].map((state) => [state, colour(state)]));
      return (node) => {
        node.hot = false;
        return all[node.state];
      };
    }
    const of = (node) => (node.kind === "query" ? node[this.colourBy] : 0);
    const most = Math.max(...this.nodes.map(of), 0);
    const least = most / 1000;
    const [cold, hot] = [rgb(colour("cold")), rgb(colour("hot"))];
    return (node) => {
      const value = of(node);
      // A scale by factors: what costs a tenth still shows.
      const heat = value > least ? Math.log(value / least) / Math.log(most / least) : 0;
      node.hot = heat > 0.6;
      return `rgb(${cold.map((part, at) => Math.round(part + (hot[at] - part) * heat)).join(" ")})`;
    };
  }

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    const { x, y, scale } = this.#view;
    const [atX, atY] = [(event.clientX - box.left - x) / scale, (event.clientY - box.top - y) / scale];
    return this.nodes.findLast((node) => atX >= node.atX && atX <= node.atX + WIDTH && atY >= node.atY && atY <= node.atY + HEIGHT) ?? null;
  }

  #listen() {
    const { canvas } = this;
    let grip = null;
    canvas.addEventListener("pointerdown", (event) => {
      grip = { x: event.clientX, y: event.clientY, view: { ...this.#view }, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (grip) {
        const [byX, byY] = [event.clientX - grip.x, event.clientY - grip.y];
        grip.moved ||= Math.hypot(byX, byY) > 4;
        if (grip.moved) this.#view = { ...grip.view, x: grip.view.x + byX, y: grip.view.y + byY };
        canvas.classList.toggle("moving", grip.moved);
        return this.draw();
      }
      const over = this.#at(event);
      canvas.classList.toggle("over", over !== null);
      canvas.title = over ? `${over.name}\n${over.state}, runs seen: ${over.runs}` : "";
      if (over !== this.#over) {
        this.#over = over;
        this.draw();
      }
    });
    canvas.addEventListener("pointerup", (event) => {
      const clicked = grip && !grip.moved;
      grip = null;
      canvas.classList.remove("moving");
      if (clicked) this.onChoose(this.#at(event)?.id ?? null, false);
    });
    canvas.addEventListener("pointercancel", () => (grip = null));
    canvas.addEventListener("dblclick", (event) => {
      const node = this.#at(event);
      if (node) this.onChoose(node.id, true);
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
  }
}

/** A name as far as there is room. Its middle goes first: nodes of one function are told apart by the ends of their names. */
function fitted(name, letters) {
  const most = Math.floor((WIDTH - 20) / (letters * 0.605));
  if (name.length <= most) return name;
  const end = Math.floor(most * 0.45);
  return `${name.slice(0, most - 1 - end)}…${name.slice(name.length - end)}`;
}

function rgb(text) {
  return text.match(/[\d.]+/g).slice(0, 3).map(Number);
}
