// What was unusual about these stocks, as far as it was known then, newest first? At most $most each.
// params: ids list<string>, as_of int, most int
// returns: owner string, id string, ticker string, at int, kind string, z float, p_value float, abnormal_return float, volume_z float, explanation string, severity string, window string, bars_used int, begins_at int, circuit string, halted int, split_ratio float, news_probability float, news_base_rate float, news_ratio float, news_p_value float, posts_at int, news_at int, sequence list<string>
UNWIND $ids AS key
MATCH (s:Stock {id: key})
WITH key, coalesce(s.priced_as, key) AS ticker
MATCH (e:PriceEvent {ticker: ticker})
WHERE e.known_at <= $as_of
WITH key, e ORDER BY e.at DESC, e.id
WITH key, collect(e)[0..$most] AS kept
UNWIND kept AS e
RETURN key AS owner, e.id AS id, e.ticker AS ticker, e.at AS at, e.kind AS kind, e.z AS z, e.p_value AS p_value,
       e.abnormal_return AS abnormal_return, e.volume_z AS volume_z, e.explanation AS explanation,
       e.severity AS severity, e.window AS window, e.bars_used AS bars_used, e.begins_at AS begins_at,
       e.circuit AS circuit, e.halted AS halted, e.split_ratio AS split_ratio,
       e.news_probability AS news_probability, e.news_base_rate AS news_base_rate,
       e.news_ratio AS news_ratio, e.news_p_value AS news_p_value,
       e.posts_at AS posts_at, e.news_at AS news_at, e.sequence AS sequence
ORDER BY owner, at DESC, id
