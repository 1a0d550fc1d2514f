// Numbers, sizes and spans in words, as the server's filters write them.

const SIZES = [
  [1024 ** 4, "TB"],
  [1024 ** 3, "GB"],
  [1024 ** 2, "MB"],
  [1024, "KB"],
];
const SPANS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Of bytes, in powers of 1024. */
export function size(bytes) {
  const [unit, name] = SIZES.find(([unit]) => bytes >= unit) ?? [1, bytes === 1 ? "byte" : "bytes"];
  const value = bytes / unit;
  return `${Number.isInteger(value) || value >= 10 ? Math.round(value) : value.toFixed(1)} ${name}`;
}

/** Of seconds, in the unit that fits. */
export function span(seconds) {
  const [unit, name] = SPANS.find(([unit]) => seconds >= 2 * unit) ?? [1, "second"];
  const count = Math.max(1, Math.round(seconds / unit));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** Of 0 to 1; 100 % only where it is all. */
export const percent = (fraction) => `${Math.floor(fraction * 100)} %`;

/** A moment, in the zone of who looks. */
export const moment = (text) => day.format(new Date(text));
