/**
 * Formats numbers for people. A missing value is "–"; a value that is not exactly none, all or equal is never rounded
 * to it.
 */

const MISSING = '–';
/** What adding numbers leaves. */
const ROUNDING = 1e-12;
const MINUS = '−';
/** A number that is smaller has one more decimal. */
const SIZES = [0.1, 1, 10, 100];

/** A score in the units of its scorer, with as many digits as in the sentences of the gate, or with this many decimals. */
export function score(value: number | null, digits?: number): string {
  if (value === null || Number.isNaN(value)) return MISSING;
  return sign(value + ROUNDING) + trimmed(Math.abs(value), digits);
}

/** A difference of scores, with its sign. */
export function delta(value: number | null, digits?: number): string {
  if (value === null || Number.isNaN(value)) return MISSING;
  if (Math.abs(value) < ROUNDING) return '0';
  return (value > 0 ? '+' : MINUS) + trimmed(Math.abs(value), digits);
}

/**
 * The decimals of numbers that stand beside each other, as in the headline: three significant digits of the largest, fewer if all
 * have fewer, and more if one would otherwise be 0 or 1 without being so; up to two more if the first two numbers then differ
 * by the third as it is written.
 */
export function decimals(values: (number | null)[]): number {
  const sizes = values.map((value) => Math.abs(value ?? 0));
  const usual = SIZES.filter((size) => Math.max(...sizes) <= size).length;
  const isTrue = (size: number, digits: number) => {
    const shown = Number(size.toFixed(digits));
    return Math.abs(shown - size) < ROUNDING || (digits >= usual && shown !== 0 && shown !== 1);
  };
  let digits = 0;
  while (digits < 12 && !sizes.every((size) => isTrue(size, digits))) digits++;
  const agrees = (digits: number) => {
    const [before, after, delta] = values.map((value) => Number((value ?? 0).toFixed(digits)));
    return Math.abs(after - before - delta) < ROUNDING;
  };
  return [0, 1, 2].map((more) => digits + more).find(agrees) ?? digits;
}

/** A share of 1 as a percentage: 9,999 of 10,000 is 99.99%, not 100%. */
export function percent(part: number | null): string {
  if (part === null || Number.isNaN(part)) return MISSING;
  const exact = part * 100;
  for (const digits of [0, 1, 2, 3]) {
    const text = exact.toFixed(digits);
    const rounded = Number(text);
    const saysAll = rounded >= 100 && exact < 100;
    const saysNone = rounded <= 0 && exact > 0;
    if (!saysAll && !saysNone && (digits > 0 || Math.abs(rounded - exact) < 0.05 || exact >= 10)) return `${text}%`;
  }
  return exact > 50 ? '> 99.999%' : '< 0.001%';
}

type Write = (value: number, digits?: number) => string;

export function interval(ends: [number, number] | null, write: Write = score, digits?: number): string {
  return ends === null ? MISSING : `${write(ends[0], digits)} to ${write(ends[1], digits)}`;
}

export function count(value: number | null): string {
  return value === null ? MISSING : (Math.round(value) + 0).toLocaleString('en-US');
}

export function milliseconds(value: number | null): string {
  if (value === null) return MISSING;
  if (value < 1) return `${trimmed(value)} ms`;
  if (value < 1000) return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  if (value < 60_000) return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(value / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours === 0) return `${minutes} min ${seconds % 60} s`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function dollars(value: number | null): string {
  if (value === null) return MISSING;
  if (value === 0) return '$0';
  if (value >= 1) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(value < 0.001 ? 2 : 3))}`;
}

export function time(value: number | null): string {
  if (value === null) return MISSING;
  return `${new Date(value).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function sign(value: number): string {
  return value < 0 ? MINUS : '';
}

/** Three significant digits and at most four decimals, or two digits of a smaller number; only 0 becomes 0, and only 1 becomes 1. */
function trimmed(value: number, decimals?: number): string {
  if (value < ROUNDING) return '0';
  if (decimals !== undefined) return value.toFixed(decimals);
  if (value < 0.000_05) return String(Number(value.toPrecision(2)));
  const digits = SIZES.filter((size) => value < size).length;
  const nearOne = value < 1 && Number(value.toFixed(digits)) === 1;
  return String(Number(value.toFixed(nearOne ? 6 : digits)));
}
