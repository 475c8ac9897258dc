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
  id: string; at: string; text: string; client: string | null; account: AccountRef;
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
  id: string; ticker: string; at: string; kind: string; z: number; pValue: number;
  abnormalReturn: number | null; volumeZ: number | null; explanation: string;
}
export interface Bar { at: string; open: number; high: number; low: number; close: number; volume: number }
export interface DayCount { day: string; posts: number; accounts: number }
export interface GraphNode {
  id: string; label: string; kind: string; role: string | null; x: number; y: number; size: number;
}
export interface GraphEdge { source: string; target: string; kind: string; weight: number }
export interface Graph { nodes: GraphNode[]; edges: GraphEdge[] }
export interface ClusterRow {
  id: string; name: string; size: number; traces: string[]; tickers: string[];
  firstAt: string; lastAt: string; postCount: number; benign: string | null; risk: Risk;
}
export interface Promotion {
  stock: { ticker: string; name: string | null }; posts: number; share: number;
  firstAt: string; lastAt: string;
}
export interface Cluster extends ClusterRow {
  density: number; weight: number; members: Member[]; ties: Tie[]; evidence: Post[];
  promotions: Promotion[]; priceEvents: { event: PriceEvent; leadMinutes: number }[]; graph: Graph;
}
export interface StockPrices {
  ticker: string; name: string | null; bars: Bar[]; postsPerDay: DayCount[]; priceEvents: PriceEvent[];
}
export interface Alert {
  id: string; title: string; score: number; raisedAt: string; state: AlertState;
  reason: string | null; history: string[]; tickers: string[]; cluster: { id: string } | null;
}
export interface Run {
  id: string; asOf: string; finishedAt: string; posts: number; ties: number; clusters: number; model: string;
}
export interface Page<T> { nodes: T[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
