// Word differences between two posts, and groups of posts that say nearly the same.
import type { Post } from "./types";

export interface Word { text: string; same: boolean }

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}$#@]+/gu, "");

/** The words of `text`, each marked whether `base` has it in the same order (longest common run). */
export function marked(base: string, text: string): Word[] {
  const left = words(base).map(plain);
  const shown = words(text);
  const right = shown.map(plain);
  const kept = common(left, right);
  return shown.map((word, index) => ({ text: word, same: kept.has(index) }));
}

function common(left: string[], right: string[]): Set<number> {
  const length = lengths(left, right);
  const kept = new Set<number>();
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) { kept.add(j); i++; j++; }
    else if (at(length, i + 1, j) >= at(length, i, j + 1)) i++;
    else j++;
  }
  return kept;
}

const at = (table: number[][], i: number, j: number): number => table[i]?.[j] ?? 0;

function lengths(left: string[], right: string[]): number[][] {
  const table = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const row = table[i] as number[];
      row[j] = left[i] === right[j] ? 1 + at(table, i + 1, j + 1) : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const content = (text: string): Set<string> =>
  new Set(words(text).filter((w) => !/^(https?:|@|rt$)/i.test(w)).map(plain).filter(Boolean));

function likeness(left: Set<string>, right: Set<string>): number {
  let both = 0;
  for (const word of left) if (right.has(word)) both++;
  const all = left.size + right.size - both;
  return all === 0 ? 1 : both / all;
}

export interface TextGroup { posts: Post[] }

/** Posts whose words are at least half the same as a group's first post, largest group first. */
export function groups(posts: Post[]): TextGroup[] {
  const found: { lead: Set<string>; posts: Post[] }[] = [];
  for (const post of posts) {
    const own = content(post.text);
    const home = found.find((group) => likeness(group.lead, own) >= 0.5);
    if (home) home.posts.push(post);
    else found.push({ lead: own, posts: [post] });
  }
  return found.map(({ posts: members }) => ({ posts: members })).sort((a, b) => b.posts.length - a.posts.length);
}
