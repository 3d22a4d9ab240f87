// Makes elements. Text is always text: there is no way here to make markup of it.

/** An element with properties (`class` and `aria` attributes too) and children, which are elements or text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("aria-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Replaces what is in a panel, and leaves it where it was scrolled to. */
export function fill(panel, ...children) {
  const top = panel.scrollTop;
  panel.replaceChildren(...children);
  panel.scrollTop = top;
}

/** A square of a colour, and what it stands for. */
export function sign(fill, text) {
  return element("span", {}, element("i", { class: `fill-${fill}` }), text);
}

/** A canvas that is as sharp as the screen: its context, and its size in the units of the page. */
export function sheet(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

let probe;

/** The colour of a variable of the style sheet, as it is in this theme. */
export function colour(name) {
  probe ??= document.body.appendChild(element("i", { hidden: true }));
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
