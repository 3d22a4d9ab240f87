// Numbers as people read them.

const steps = [[1e9, "G"], [1e6, "M"], [1e4, "k"]];

/** A count: all digits while they are few. */
export function count(number) {
  const step = steps.find(([from]) => number >= from);
  if (!step) return number.toLocaleString("en");
  const unit = step[1] === "k" ? 1e3 : step[0];
  return `${(number / unit).toFixed(number / unit < 100 ? 1 : 0)}${step[1]}`;
}

/** A number of bytes. */
export function bytes(number) {
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (number < 1024 || unit === "GiB") return `${number.toFixed(number < 10 && unit !== "B" ? 1 : 0)} ${unit}`;
    number /= 1024;
  }
}

/** A time in milliseconds. */
export function time(millis) {
  if (!millis) return "0";
  if (millis < 1e-3) return `${(millis * 1e6).toFixed(0)} ns`;
  if (millis < 1) return `${(millis * 1e3).toFixed(millis < 1e-2 ? 1 : 0)} µs`;
  if (millis < 1000) return `${millis.toFixed(millis < 10 ? 1 : 0)} ms`;
  return `${(millis / 1e3).toFixed(1)} s`;
}

/** How long the inspector had been there. */
export function moment(millis) {
  const seconds = millis / 1e3;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(1)} h`;
}
