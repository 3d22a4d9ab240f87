// Where nodes are drawn: in columns, what is read to the left of its readers, and in each column in an order that keeps
// edges short. The order of a former layout is kept where that is possible, so that a picture does not jump.

export const WIDTH = 190;
export const HEIGHT = 30;
const ACROSS = WIDTH + 66;
const DOWN = HEIGHT + 12;
const SWEEPS = 6;
const LONGEST_COLUMN = 40;

/** Gives each node `x` and `y`. `edges` are pairs of reader and read, by their places in `nodes`. */
export function layout(nodes, edges, former) {
  const reads = nodes.map(() => []);
  const readers = nodes.map(() => []);
  for (const [reader, read] of edges) {
    reads[reader].push(read);
    readers[read].push(reader);
  }
  const columns = split(gather(ranks(nodes, reads), nodes.length));
  const last = new Map(former.map((node) => [node.id, node.y]));
  const height = nodes.map((node, place) => last.get(node.id) ?? place);
  columns.forEach((column) => order(column, height));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const column of forth ? columns : columns.toReversed()) {
      for (const place of column) {
        const near = forth ? reads[place] : readers[place];
        if (near.length) height[place] = near.reduce((sum, one) => sum + height[one], 0) / near.length;
      }
      order(column, height);
    }
  }
  columns.forEach((column, x) => {
    column.forEach((place) => {
      nodes[place].x = x * ACROSS;
      nodes[place].y = height[place];
    });
  });
}

/** How many reads each node is above an input, at most. A read that closes a circle does not count. */
function ranks(nodes, reads) {
  const rank = new Array(nodes.length).fill(-1);
  const open = new Set();
  for (let first = 0; first < nodes.length; first++) {
    const path = [first];
    while (path.length) {
      const place = path.at(-1);
      if (rank[place] >= 0) {
        path.pop();
        continue;
      }
      open.add(place);
      const below = reads[place].find((read) => rank[read] < 0 && !open.has(read));
      if (below === undefined) {
        const known = reads[place].map((read) => rank[read]);
        rank[place] = Math.max(-1, ...known) + 1;
        open.delete(place);
        path.pop();
      } else {
        path.push(below);
      }
    }
  }
  return rank;
}

function gather(rank, many) {
  const columns = [];
  for (let place = 0; place < many; place++) (columns[rank[place]] ??= []).push(place);
  return columns.filter(Boolean);
}

/** A column that would be too high becomes several. */
function split(columns) {
  return columns.flatMap((column) => {
    const parts = Math.ceil(column.length / LONGEST_COLUMN);
    const size = Math.ceil(column.length / parts);
    return Array.from({ length: parts }, (_, part) => column.slice(part * size, (part + 1) * size));
  });
}

/** Puts a column in the order of its heights, and moves nodes apart. */
function order(column, height) {
  column.sort((one, other) => height[one] - height[other]);
  const middle = column.reduce((sum, place) => sum + height[place], 0) / column.length;
  let free = -Infinity;
  for (const place of column) {
    height[place] = Math.max(height[place], free);
    free = height[place] + DOWN;
  }
  const now = column.reduce((sum, place) => sum + height[place], 0) / column.length;
  for (const place of column) height[place] += middle - now;
}
