// Which price events are known?
// params: as_of int
// returns: id string, ticker string, at int, known_at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string
MATCH (e:PriceEvent)
WHERE e.known_at <= $as_of
RETURN e.id AS id, e.ticker AS ticker, e.at AS at, e.known_at AS known_at, e.kind AS kind, e.z AS z,
       e.p_value AS p_value, e.abnormal_return AS abnormal_return, e.volume_z AS volume_z,
       e.explanation AS explanation
ORDER BY id
