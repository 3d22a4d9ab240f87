// The revisions as bars: how many runs there were, and what they came to.

import { byId, colour, element, sheet, sign } from "./element.js";

const BAR = 14;
const GAP = 4;
const PARTS = ["failed", "ran", "cut", "validated"];

export class Timeline {
  #moments = [];
  #shown = [];

  constructor(canvas, onChoose) {
    this.canvas = canvas;
    this.chosen = null;
    byId("bars-legend").replaceChildren(
      sign("ran", "ran to another value"), sign("cut", "cut off"), sign("validated", "validated"),
      sign("failed", "failed"), sign("input", "inputs changed"),
    );
    canvas.addEventListener("click", (event) => onChoose(this.#at(event)));
    canvas.addEventListener("mousemove", (event) => {
      const moment = this.#moments.find(({ revision }) => revision === this.#at(event));
      canvas.title = moment ? `${moment.revision}: ${moment.inputs} inputs changed, ${moment.executed} runs, ${moment.validated} validated` : "";
    });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const place = this.#moments.findIndex(({ revision }) => revision === this.chosen);
      const next = this.#moments[(place < 0 ? this.#moments.length - 1 : place) + (step ?? 0)];
      if (step && next) onChoose(next.revision);
    });
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  show(moments) {
    this.#moments = moments;
    this.draw();
  }

  choose(revision) {
    this.chosen = revision;
    this.draw();
  }

  #at(event) {
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    return this.#shown.find((bar) => x >= bar.x - GAP / 2 && x < bar.x + BAR + GAP / 2)?.revision ?? null;
  }

  draw() {
    const { pen, width, height } = sheet(this.canvas);
    const many = Math.floor(width / (BAR + GAP));
    const moments = this.#moments.slice(-many);
    const bars = moments.map(parts);
    const most = Math.max(1, ...bars.map((bar) => PARTS.reduce((sum, part) => sum + bar[part], 0)));
    const paint = Object.fromEntries([...PARTS, "faint", "accent", "line", "soft"].map((name) => [name, colour(name)]));
    const [foot, room] = [height - 24, height - 32];
    pen.font = "10px system-ui, sans-serif";
    pen.textAlign = "center";
    this.#shown = [];
    moments.forEach((moment, place) => {
      const x = place * (BAR + GAP) + GAP;
      this.#shown.push({ x, revision: moment.revision });
      if (moment.revision === this.chosen) {
        pen.fillStyle = paint.soft;
        pen.fillRect(x - GAP / 2, 0, BAR + GAP, height);
      }
      let top = foot;
      const sum = PARTS.reduce((sum, part) => sum + bars[place][part], 0);
      // A scale by factors: a commit that makes a hundred thousand runs must not flatten all others.
      const tall = sum ? Math.max(3, room * Math.log1p(sum) / Math.log1p(most)) : 0;
      for (const part of PARTS.toReversed()) {
        const high = sum ? tall * bars[place][part] / sum : 0;
        pen.fillStyle = paint[part];
        pen.fillRect(x, top - high, BAR, high);
        top -= high;
      }
      pen.fillStyle = paint.line;
      pen.fillRect(x, foot + 1, BAR, 1);
      if (moment.inputs) {
        pen.fillStyle = paint.faint;
        const wide = Math.min(BAR, 3 + 3 * Math.log2(moment.inputs));
        pen.fillRect(x + (BAR - wide) / 2, foot + 4, wide, 4);
      }
      const number = Number(moment.revision.slice(1));
      if (number % 5 === 0 || moment.revision === this.chosen) {
        pen.fillStyle = moment.revision === this.chosen ? paint.accent : paint.faint;
        pen.fillText(moment.revision, x + BAR / 2, height - 4);
      }
    });
    this.canvas.replaceChildren(element("p", {}, `${moments.length} revisions`));
  }
}

function parts({ executed, failed, cut_off, validated }) {
  return { failed, cut: cut_off, ran: Math.max(0, executed - cut_off), validated };
}
