// What news names these stocks, as far as it was known then, newest first? At most $most each.
// params: ids list<string>, since int, until int, as_of int, most int
// returns: owner string, how string, id string, at int, known_at int, kind string, title string, summary string, url string, source string
UNWIND $ids AS key
MATCH (s:Stock {id: key})
UNWIND [key, coalesce(s.priced_as, key)] AS ticker
MATCH (t:Stock {id: ticker})<-[a:ABOUT]-(n:News)
WHERE n.known_at <= $as_of AND n.at >= $since AND n.at < $until
WITH key, n, min(a.how) AS how
ORDER BY n.at DESC, n.id
WITH key, collect({how: how, news: n})[0..$most] AS kept
UNWIND kept AS one
WITH key, one.how AS how, one.news AS n
RETURN key AS owner, how, n.id AS id, n.at AS at, n.known_at AS known_at, n.kind AS kind, n.title AS title,
       n.summary AS summary, n.url AS url, n.source AS source
ORDER BY owner, at DESC, id
