// Which price events of these stocks are in the graph and were known then?
// params: ids list<string>, as_of int
// returns: owner string, id string
UNWIND $ids AS key
MATCH (e:PriceEvent {ticker: key})
WHERE e.known_at <= $as_of
RETURN key AS owner, e.id AS id
ORDER BY owner, id
