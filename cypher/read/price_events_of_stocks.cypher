// What unusual days did these stocks have, newest first? At most $most each.
// params: ids list<string>, most int
// returns: owner string, id string, ticker string, at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string
UNWIND $ids AS key
MATCH (e:PriceEvent {ticker: key})
WITH key, e ORDER BY e.at DESC, e.id
WITH key, collect(e)[0..$most] AS kept
UNWIND kept AS e
RETURN key AS owner, e.id AS id, e.ticker AS ticker, e.at AS at, e.kind AS kind, e.z AS z, e.p_value AS p_value,
       e.abnormal_return AS abnormal_return, e.volume_z AS volume_z, e.explanation AS explanation
ORDER BY owner, at DESC, id
