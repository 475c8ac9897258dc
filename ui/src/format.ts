// How the page writes times, numbers and names.

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
const COUNT = new Intl.NumberFormat("en-GB");

export const day = (at: string): string => DAY.format(new Date(at));
export const shortDay = (at: string): string => SHORT.format(new Date(at));
export const clock = (at: string): string => CLOCK.format(new Date(at));
export const moment = (at: string): string => `${day(at)}, ${clock(at)} UTC`;
export const count = (n: number): string => COUNT.format(n);
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** 75 → "1 min 15 s", 90000 → "1 day 1 h"; the sign is the caller's to show. */
export function duration(seconds: number): string {
  const s = Math.round(Math.abs(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return joined(Math.floor(s / 60), "min", s % 60, "s");
  if (s < 86400) return joined(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "min");
  const days = Math.floor(s / 86400);
  return joined(days, days === 1 ? "day" : "days", Math.floor((s % 86400) / 3600), "h");
}

const joined = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small ? `${big} ${bigUnit} ${small} ${smallUnit}` : `${big} ${bigUnit}`;

export const secondsBetween = (from: string, to: string): number =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;

export function span(from: string, to: string): string {
  const length = duration(secondsBetween(from, to));
  return day(from) === day(to) ? `${day(from)}, within ${length}` : `${day(from)} to ${day(to)}, ${length}`;
}

export const who = (account: { id: string; handle: string | null }): string =>
  account.handle ? `@${account.handle}` : account.id;

/** Small probabilities as a person reads them: 0.03, then 4 × 10⁻⁹. */
export function chance(p: number): string {
  if (p >= 0.001) return p.toFixed(3);
  if (p <= 0) return "below 10⁻³⁰⁰";
  const power = Math.floor(Math.log10(p));
  return `${Math.round(p / 10 ** power)} × 10${superscript(power)}`;
}

/** The same in words: "one in 300", "one in 20 million". */
export function odds(p: number): string {
  if (p > 0.5) return "as likely as not";
  if (p < 1e-15) return "less than one in a million billion";
  const once = 1 / p;
  const [unit, word] = UNITS.find(([size]) => once >= size) ?? [1, ""];
  return `one in ${count(Number((once / unit).toPrecision(1)))}${word}`;
}

const UNITS: [number, string][] = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1, ""]];

const superscript = (n: number): string =>
  String(n).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)] ?? d);

const TRACES: Record<string, string> = {
  co_ticker: "same stock",
  co_link: "same link",
  same_text: "same text",
  near_text: "near-same text",
  same_meaning: "same meaning",
  co_repost: "same repost",
  co_hashtag: "same hashtag",
  co_reply: "same answer",
  co_mention: "same mention",
  co_domain: "same site",
  hashtag_sequence: "same hashtags in order",
  same_image: "same picture",
  account_metadata: "accounts made alike",
};
export const traceName = (trace: string): string => TRACES[trace] ?? trace.replaceAll("_", " ");

const KINDS: Record<string, string> = {
  abnormal_return: "return", volume_spike: "volume", attention_spike: "attention", reversal: "reversal", drift: "drift before",
  car_3: "three bars", car_5: "five bars", spread: "spread", illiquidity: "illiquid", delivery_drop: "delivery", joint: "rare together",
  change_point: "new level", joint_alert: "said together", price_limit: "price limit", halt: "halt", probable_split: "split?",
};
export const kindName = (kind: string): string => KINDS[kind] ?? kind.replaceAll("_", " ");

/** 90 → "90 min", 300 → "5 h", 5000 → "3 days"; the sign is the caller's to show. */
export function roughly(minutes: number): string {
  const size = Math.abs(minutes);
  return size < 60 ? `${Math.round(size)} min` : size < 2880 ? `${Math.round(size / 60)} h` : `${Math.round(size / 1440)} days`;
}

export const link = (kind: "cluster" | "stock" | "account", id: string): string =>
  `#/${kind}/${encodeURIComponent(id)}`;
