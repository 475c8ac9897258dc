// The shapes of the GraphQL answers, as far as the page asks for them.

export type AlertState = "OPEN" | "ACKNOWLEDGED" | "DISMISSED" | "MUTED";

export interface Factor { name: string; text: string; value: number; effect: number }
export interface Risk {
  score: number; probability: number; band: string; model: string; factors: Factor[]; caveat: string;
}
export interface AccountRef { id: string; handle: string | null }
export interface Account extends AccountRef {
  platform: string; createdAt: string | null; followers: number | null; following: number | null;
  postsCount: number | null; verified: boolean | null;
}
export interface Post {
  id: string; at: string; text: string; promotionalLanguage: number; client: string | null; account: AccountRef;
  stocks: string[]; links: string[]; repostOf: string | null;
}
export interface Member { account: Account; role: string; strength: number }
export interface CoAction {
  trace: string; object: string; window: string; seconds: number; left: Post; right: Post;
}
export interface Tie {
  left: AccountRef; right: AccountRef; traces: string[]; weight: number; pValue: number;
  qValue: number; coActions: number; expected: number; firstAt: string; lastAt: string;
  evidence?: CoAction[];
}
export interface PriceEvent {
  id: string; ticker: string; at: string; beginsAt: string | null; kind: string; z: number; pValue: number;
  severity: string | null; window: string | null; barsUsed: number | null;
  abnormalReturn: number | null; volumeZ: number | null;
  circuit: string | null; halted: number | null; splitRatio: number | null; explanation: string;
}
export interface News {
  id: string; at: string; knownAt: string; kind: string; title: string; summary: string;
  url: string | null; source: string | null;
}
export interface StockNews { how: string; news: News }
/** A price event with what was known when it began. */
export interface EventStory extends PriceEvent {
  background: { probability: number | null; order: string[]; says: string[] };
  news: { minutes: number; news: Pick<News, "id" | "title"> }[];
  clusters: { leadMinutes: number; lagMinutes: number | null; cluster: { id: string; name: string } | null }[];
}
export interface LineageEvent {
  at: string; runId: string; kind: string; lineageId: string; other: string | null;
  size: number; joined: number; gone: number; says: string;
}
export interface Lineage {
  id: string; bornAt: string; alive: boolean; size: number; tickers: string[]; events: LineageEvent[];
}
export interface WhyNot {
  says: string;
  shared: (CoAction & { accounts: number })[];
  asked: { trace: string; window: string; times: number; expected: number | null; pValue: number | null }[];
  apart: { trace: string; object: string; window: string; seconds: number }[];
}
export interface Bar { at: string; open: number; high: number; low: number; close: number; volume: number }
export interface DayCount { day: string; posts: number; accounts: number }
export interface GraphNode {
  id: string; label: string; kind: string; role: string | null; x: number; y: number; size: number;
}
export interface GraphEdge { source: string; target: string; kind: string; weight: number }
export interface Graph { nodes: GraphNode[]; edges: GraphEdge[] }
/** One thing that several accounts of a cluster say of a stock: a phrase, a link, or a post that they refer to. */
export interface Voice {
  kind: string; what: string; accounts: number; firstAt: string; lastAt: string; pValue: number;
  post: Pick<Post, "id" | "at" | "text" | "account"> | null;
}
export interface ClusterRow {
  id: string; name: string; size: number; traces: string[]; tickers: string[];
  firstAt: string; lastAt: string; postCount: number; benign: string | null; risk: Risk;
  voices: Pick<Voice, "kind" | "what" | "accounts">[];
}
export interface Promotion {
  stock: { ticker: string; name: string | null }; posts: number; share: number;
  firstAt: string; lastAt: string;
}
/** How a cluster's posts read, all together. */
export interface Language {
  promotional: number | null; promotionalPosts: number | null; sentiment: number | null; posts: number; model: string;
}
export interface Cluster extends ClusterRow {
  density: number; weight: number; members: Member[]; ties: Tie[]; evidence: Post[];
  voices: Voice[]; promotions: Promotion[]; graph: Graph; lineage: Lineage | null; language: Language;
  priceEvents: { event: PriceEvent; leadMinutes: number; lagMinutes: number | null }[];
}
/** A piece of evidence with what the score is without it. */
export interface Evidence {
  type: string; name: string; trace: string | null; text: string; entities: string[]; times: string[]; sourceIds: string[];
  sharedActs: number; deltaScoreIfRemoved: number | null; place: number | null; scoreWithoutFirst: number | null;
  posts: Pick<Post, "id" | "text">[];
}
export interface Explanation {
  score: number; band: string; evidence: Evidence[]; groups: Evidence[];
  topFactors: { name: string; group: string; text: string; peerPercentile: number | null }[];
  counterfactual: { sourceIds: string[] | null; score: number | null; band: string | null; text: string };
  notConsidered: string[]; caveats: string[]; versions: { name: string; version: string }[]; asOf: string;
}
export interface StockPrices {
  ticker: string; name: string | null; bars: Bar[]; postsPerDay: DayCount[]; priceEvents: PriceEvent[];
  news: StockNews[];
}
export interface Alert {
  id: string; title: string; score: number; raisedAt: string; state: AlertState;
  reason: string | null; history: string[]; tickers: string[]; cluster: { id: string } | null;
}
export interface Run {
  id: string; asOf: string; finishedAt: string; posts: number; ties: number; clusters: number; model: string;
}
export interface Page<T> { nodes: T[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
export type Verdict = "PROMOTION" | "HARMLESS" | "UNCLEAR";
/** A cluster to judge, and why it is on the list. */
export interface ReviewItem {
  place: number; part: string; says: string; verdict: Verdict | null; cluster: ClusterRow | null;
}
export interface ReviewQueue { id: string; drawnAt: string | null; unknown: number; items: ReviewItem[] }
export interface Prevalence { share: number; low: number; high: number; judged: number; drawn: number }
