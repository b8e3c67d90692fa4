/** Numbers as people read them. All take what is not finite, too: `–`. */

const none = '–';

/** 0.4123 → `41.2 %`. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : none;
}

/** 12345 → `12,345`. */
export function count(n: number): string {
  return Number.isFinite(n) ? Math.round(n).toLocaleString('en') : none;
}

/** Three significant digits at least: 4213.2 → `4,213`, 61.28 → `61.3`, 1.994 → `1.99`. */
export function figure(x: number): string {
  if (!Number.isFinite(x)) return none;
  const size = Math.abs(x);
  if (size >= 1e9) return x.toExponential(2);
  if (size >= 100) return count(x);
  return x.toFixed(size >= 10 ? 1 : 2);
}

/** 1234567 → `1.2 M`; below 10,000 as it is. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return none;
  if (n >= 999_950) return `${(n / 1e6).toFixed(1)} M`;
  return n >= 10_000 ? `${Math.round(n / 1e3)} k` : count(n);
}

/** UTF-8 bytes → `1.2 MB`. */
export function bytes(n: number): string {
  if (n >= 999_950) return `${(n / 1e6).toFixed(1)} MB`;
  return n >= 1_000 ? `${(n / 1e3).toFixed(1)} kB` : `${n} bytes`;
}

/** Seconds → `45 s` or `3 min 12 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `one thing`, `2 things`. */
export function counted(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? '' : 's'}`;
}
