// Who posted when: a dot a post, a line an account. Bursts are columns of dots, so long silence is cut out.
import { clock, day, duration, moment, secondsBetween, who } from "../format";
import type { Post } from "../types";

const ROWS = 24;
const LEFT = 160;
const RIGHT = 980;
const GAP = 46;
const LINE = 15;

interface Burst { from: string; to: string; left: number; right: number; silence: number }

/** Cuts where nobody posted for more than a tenth of the whole time; at most five cuts. */
function cuts(posts: Post[]): number[] {
  const whole = secondsBetween((posts[0] as Post).at, (posts[posts.length - 1] as Post).at);
  const silences = posts.slice(1).map((post, index) => ({ index: index + 1, length: secondsBetween((posts[index] as Post).at, post.at) }));
  const long = silences.filter(({ length }) => length > whole / 10 && length > 600);
  return long.sort((a, b) => b.length - a.length).slice(0, 5).map(({ index }) => index).sort((a, b) => a - b);
}

/** Room is shared by how many posts a burst has, so that each can be read. */
function bursts(posts: Post[]): Burst[] {
  const edges = [0, ...cuts(posts), posts.length];
  const parts = edges.slice(1).map((end, index) => posts.slice(edges[index], end));
  const shares = parts.map((part) => 2 + Math.sqrt(part.length));
  const unit = (RIGHT - LEFT - GAP * (parts.length - 1)) / shares.reduce((a, b) => a + b, 0);
  let left = LEFT;
  return parts.map((part, index) => {
    const [from, to] = [(part[0] as Post).at, (part[part.length - 1] as Post).at];
    const before = parts[index - 1];
    const burst = { from, to, left, right: left + unit * (shares[index] ?? 1), silence: before ? secondsBetween((before[before.length - 1] as Post).at, from) : 0 };
    left = burst.right + GAP;
    return burst;
  });
}

function x(found: Burst[], at: string): number {
  const burst = found.find(({ from, to }) => at >= from && at <= to);
  if (!burst) return LEFT;
  const length = secondsBetween(burst.from, burst.to);
  return length === 0 ? burst.left + 6 : burst.left + 6 + ((burst.right - burst.left - 12) * secondsBetween(burst.from, at)) / length;
}

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function Axis({ burst, y }: { burst: Burst; y: number }) {
  const length = secondsBetween(burst.from, burst.to);
  return (
    <g>
      <text x={burst.left} y={y}>{day(burst.from)}, {clock(burst.from)}</text>
      <text x={burst.left} y={y + 13} class="soft">{length ? `within ${duration(length)}` : "at once"}</text>
      {burst.silence > 0 && <text x={burst.left - GAP / 2} y={10} text-anchor="middle" class="soft">{duration(burst.silence).split(" ").slice(0, 2).join(" ")}</text>}
    </g>
  );
}

export function Strip({ posts, chosen }: { posts: Post[]; chosen: string | null }) {
  if (posts.length === 0) return null;
  const names = [...new Map(posts.map((post) => [post.account.id, who(post.account)]))].slice(0, ROWS);
  const row = new Map(names.map(([id], index) => [id, index]));
  const found = bursts(posts);
  const y = (id: string) => (row.get(id) ?? 0) * LINE + 26;
  const faint = (id: string) => (chosen && chosen !== id ? "faint" : "");
  const bottom = names.length * LINE + 32;
  return (
    <figure class="strip">
      <svg viewBox={`0 0 1000 ${bottom + 18}`} role="img" aria-label="When each account posted; the posts below say the same">
        {names.map(([id, name]) => (
          <g key={id} class={faint(id)}>
            <text x={LEFT - 10} y={y(id) + 4} text-anchor="end">{cut(name, 22)}</text>
            {found.map((burst) => <line key={burst.from} x1={burst.left} x2={burst.right} y1={y(id)} y2={y(id)} />)}
          </g>
        ))}
        {posts.filter((post) => row.has(post.account.id)).map((post) => (
          <circle key={post.id} class={faint(post.account.id)} cx={x(found, post.at)} cy={y(post.account.id)} r="4"><title>{`${who(post.account)}, ${moment(post.at)}`}</title></circle>
        ))}
        {found.map((burst) => <Axis key={burst.from} burst={burst} y={bottom + 2} />)}
      </svg>
      <figcaption class="small">A dot is a post; dots above each other were posted together.{found.length > 1 && " The silence between bursts is cut out."}{row.size < new Set(posts.map((post) => post.account.id)).size && ` The first ${ROWS} accounts.`}</figcaption>
    </figure>
  );
}
