// Every question the page asks.

const RISK = "risk { score probability band model caveat factors { name text value effect } }";
const ROW = `id name size traces tickers firstAt lastAt postCount benign voices { kind what accounts } ${RISK}`;
const POST = "id at text promotionalLanguage client stocks links repostOf account { id handle }";
const ACCOUNT = "id handle platform createdAt followers following postsCount verified";
const TIE = "traces weight pValue qValue coActions expected firstAt lastAt left { id handle } right { id handle }";
const EVENT = "id ticker at beginsAt kind z pValue severity window barsUsed abnormalReturn volumeZ circuit halted splitRatio explanation";
const NEWS = "id at knownAt kind title summary url source";
const STORY = `${EVENT} background { probability order says } news { minutes news { id title } } clusters { leadMinutes lagMinutes cluster { id name } }`;
const LINEAGE = "id bornAt alive size tickers events { at runId kind lineageId other size joined gone says }";
const ALERT = "id title score raisedAt state reason history tickers cluster { id }";

export const CLUSTERS = `query Clusters($after: String) {
  run { id asOf finishedAt posts ties clusters model }
  clusters(first: 20, after: $after) { nodes { ${ROW} } pageInfo { endCursor hasNextPage } }
  alerts(first: 100) { nodes { id state cluster { id } } }
}`;

export const CLUSTER = `query Cluster($id: ID!) {
  cluster(id: $id) {
    ${ROW} density weight
    voices { firstAt lastAt pValue post { id at text account { id handle } } }
    members { role strength account { ${ACCOUNT} } }
    ties { ${TIE} }
    evidence(first: 100) { ${POST} }
    language { promotional promotionalPosts sentiment posts model }
    promotions { posts share firstAt lastAt stock { ticker name } }
    priceEvents { leadMinutes lagMinutes event { ${EVENT} } }
    lineage { ${LINEAGE} }
    graph { nodes { id label kind role x y size } edges { source target kind weight } }
  }
  alerts(first: 100) { nodes { ${ALERT} } }
}`;

const PIECE = "type name trace text entities times sourceIds sharedActs deltaScoreIfRemoved place scoreWithoutFirst posts { id text }";

export const EXPLANATION = `query Explanation($id: ID!) {
  cluster(id: $id) { explanation {
    score band topFactors { name group text peerPercentile }
    evidence { ${PIECE} }
    groups { ${PIECE} }
    counterfactual { sourceIds score band text }
    notConsidered caveats versions { name version } asOf
  } }
}`;

export const WHY = `query Why($left: ID!, $right: ID!) {
  why(left: $left, right: $right) {
    ${TIE} evidence(first: 20) { trace object window seconds left { ${POST} } right { ${POST} } }
  }
}`;

export const WHY_NOT = `query WhyNot($left: ID!, $right: ID!) {
  whyNot(left: $left, right: $right) {
    says
    shared { trace object window seconds accounts left { ${POST} } right { ${POST} } }
    asked { trace window times expected pValue }
    apart { trace object window seconds }
  }
}`;

export const PRICES = `query Prices($ticker: ID!, $since: DateTime, $until: DateTime) {
  stock(ticker: $ticker) {
    ticker name
    bars(since: $since, until: $until) { at open high low close volume }
    postsPerDay(since: $since, until: $until) { day posts accounts }
    news(first: 200, since: $since, until: $until) { how news { ${NEWS} } }
    priceEvents { ${EVENT} }
  }
}`;

export const STOCK = `query Stock($ticker: ID!) {
  stock(ticker: $ticker) {
    ticker name pricedAs called ${RISK}
    clusters { ${ROW} }
    priceEvents { ${STORY} }
    news(first: 200) { how news { ${NEWS} } }
    bars { at open high low close volume }
    postsPerDay { day posts accounts }
  }
}`;

export const ACCOUNT_VIEW = `query Account($id: ID!) {
  account(id: $id) {
    ${ACCOUNT}
    clusters { ${ROW} }
    ties { ${TIE} }
    posts(first: 50) { ${POST} }
  }
}`;

export const ALERTS = `query Alerts($after: String, $state: AlertState) {
  alerts(first: 50, after: $after, state: $state) { nodes { ${ALERT} } pageInfo { endCursor hasNextPage } }
}`;

export const SET_ALERT = `mutation SetAlert($id: ID!, $state: AlertState!, $reason: String) {
  setAlertState(id: $id, state: $state, reason: $reason) { ${ALERT} }
}`;

export const SEARCH = `query Search($ticker: ID!, $text: String!) {
  stock(ticker: $ticker) { ticker name }
  accounts(first: 8, search: $text) { nodes { id handle platform } }
}`;

export const ACCOUNTS_LIKE = `query AccountsLike($text: String!) {
  accounts(first: 100, search: $text) { nodes { id handle } }
}`;

export const REVIEW = `query Review {
  reviewQueue { id drawnAt unknown items { place part says verdict cluster { ${ROW} } } }
  prevalence { share low high judged drawn }
}`;

export const DRAW_REVIEW = "mutation DrawReview { drawReviewQueue { id } }";

export const JUDGE = `mutation Judge($id: ID!, $verdict: Verdict!, $reason: String) {
  judgeCluster(id: $id, verdict: $verdict, reason: $reason) { id }
}`;
