// Searches the index that lies beside the pages: for each word one bucket, fetched when it is first needed.
"use strict";
(() => {
  const script = document.currentScript;
  const root = script.dataset.root;
  const buckets = Number(script.dataset.buckets);
  const box = document.querySelector(".search input");
  const known = new Map();

  // The same FNV-1a, and the same idea of a word, as in the index.
  const bucketOf = (word) => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode([...word].slice(0, 2).join(""))) {
      hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    }
    return Number((hash >> 32n) % BigInt(buckets));
  };
  const wordsOf = (text) =>
    text.toLowerCase().split(/[^\p{Alphabetic}\p{N}_]+/u).filter((word) => [...word].length > 1);

  const load = (bucket) => {
    if (!known.has(bucket)) {
      const loaded = fetch(`${root}_folio/search/${bucket}.json`).then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      });
      loaded.catch(() => known.delete(bucket));
      known.set(bucket, loaded);
    }
    return known.get(bucket);
  };

  // Documents in which a word begins with `word`, with the best weight.
  const find = async (word) => {
    const { documents, words } = await load(bucketOf(word));
    const found = new Map();
    for (const [candidate, postings] of Object.entries(words)) {
      if (!candidate.startsWith(word)) continue;
      const factor = candidate === word ? 2 : 1;
      for (let at = 0; at < postings.length; at += 2) {
        const [address, title] = documents[postings[at]];
        const weight = postings[at + 1] * factor;
        if (weight > (found.get(address)?.weight ?? 0)) found.set(address, { title, weight });
      }
    }
    return found;
  };

  const search = async (text) => {
    const words = wordsOf(text);
    if (words.length === 0) return null;
    const [first, ...others] = await Promise.all(words.map(find));
    const all = [];
    for (const [address, { title, weight }] of first) {
      if (!others.every((found) => found.has(address))) continue;
      const sum = others.reduce((sum, found) => sum + Math.log1p(found.get(address).weight), Math.log1p(weight));
      all.push({ address, title, sum });
    }
    all.sort((a, b) => b.sum - a.sum || (a.address < b.address ? -1 : 1));
    return all.slice(0, 20);
  };

  const list = document.createElement("ol");
  list.hidden = true;
  box.after(list);
  const show = (found) => {
    list.replaceChildren(...found.map(({ address, title }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      link.href = root + address;
      link.append(title);
      link.appendChild(document.createElement("small")).append(decodeURIComponent(address) || "/");
      return item;
    }));
    if (found.length === 0) {
      const none = list.appendChild(document.createElement("li"));
      none.className = "none";
      none.append("Nothing found");
    }
    list.hidden = false;
  };

  let asked = 0;
  box.addEventListener("input", async () => {
    const mine = ++asked;
    try {
      const found = await search(box.value);
      if (mine !== asked) return;
      if (found) show(found); else list.hidden = true;
    } catch {
      if (mine === asked) show([]);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape") {
      list.hidden = true;
      box.blur();
    } else if (event.key === "Enter" && event.target === box) {
      list.querySelector("a")?.click();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".search")) {
      const links = [...list.querySelectorAll("a")];
      const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      (links[next] ?? box).focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) list.hidden = true;
  });
  document.querySelector("nav.tree [aria-current]")?.scrollIntoView({ block: "nearest" });
})();
