// Every question the page asks.

const RISK = "risk { score probability band model caveat factors { name text value effect } }";
const ROW = `id name size traces tickers firstAt lastAt postCount benign ${RISK}`;
const POST = "id at text client stocks links repostOf account { id handle }";
const ACCOUNT = "id handle platform createdAt followers following postsCount verified";
const TIE = "traces weight pValue qValue coActions expected firstAt lastAt left { id handle } right { id handle }";
const EVENT = "id ticker at kind z pValue abnormalReturn volumeZ explanation";
const ALERT = "id title score raisedAt state reason history tickers cluster { id }";

export const CLUSTERS = `query Clusters($after: String) {
  run { id asOf finishedAt posts ties clusters model }
  clusters(first: 20, after: $after) { nodes { ${ROW} } pageInfo { endCursor hasNextPage } }
  alerts(first: 100) { nodes { id state cluster { id } } }
}`;

export const CLUSTER = `query Cluster($id: ID!) {
  cluster(id: $id) {
    ${ROW} density weight
    members { role strength account { ${ACCOUNT} } }
    ties { ${TIE} }
    evidence(first: 100) { ${POST} }
    promotions { posts share firstAt lastAt stock { ticker name } }
    priceEvents { leadMinutes event { ${EVENT} } }
    graph { nodes { id label kind role x y size } edges { source target kind weight } }
  }
  alerts(first: 100) { nodes { ${ALERT} } }
}`;

export const WHY = `query Why($left: ID!, $right: ID!) {
  why(left: $left, right: $right) {
    ${TIE} evidence(first: 20) { trace object window seconds left { ${POST} } right { ${POST} } }
  }
}`;

export const PRICES = `query Prices($ticker: ID!, $since: DateTime, $until: DateTime) {
  stock(ticker: $ticker) {
    ticker name
    bars(since: $since, until: $until) { at open high low close volume }
    postsPerDay(since: $since, until: $until) { day posts accounts }
    priceEvents { ${EVENT} }
  }
}`;

export const STOCK = `query Stock($ticker: ID!) {
  stock(ticker: $ticker) {
    ticker name ${RISK}
    clusters { ${ROW} }
    priceEvents { ${EVENT} }
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
