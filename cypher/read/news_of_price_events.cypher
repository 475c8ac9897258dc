// Which news of the stock was known when each of these price events began, the last first?
// params: ids list<string>
// returns: owner string, minutes float, id string, at int, known_at int, kind string, title string, summary string, url string, source string
UNWIND $ids AS key
MATCH (e:PriceEvent {id: key})-[w:PRECEDED_BY]->(n:News)
RETURN key AS owner, w.minutes AS minutes, n.id AS id, n.at AS at, n.known_at AS known_at, n.kind AS kind, n.title AS title,
       n.summary AS summary, n.url AS url, n.source AS source
ORDER BY owner, minutes, id
