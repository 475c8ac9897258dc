// What was known when each price event began, and what came first?
// rows: event_id string, probability float, base_rate float, ratio float, p_value float, posts_at int, news_at int, sequence list<string>
// returns: nothing
// writes: PriceEvent
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.event_id})
WHERE coalesce(e.news_probability, -1.0) <> coalesce(row.probability, -1.0)
   OR coalesce(e.news_base_rate, -1.0) <> coalesce(row.base_rate, -1.0)
   OR coalesce(e.news_ratio, -1.0) <> coalesce(row.ratio, -1.0)
   OR coalesce(e.news_p_value, -1.0) <> coalesce(row.p_value, -1.0)
   OR coalesce(e.posts_at, -1) <> coalesce(row.posts_at, -1)
   OR coalesce(e.news_at, -1) <> coalesce(row.news_at, -1)
   OR coalesce(e.sequence, ['']) <> row.sequence
SET e.news_probability = row.probability,
    e.news_base_rate = row.base_rate,
    e.news_ratio = row.ratio,
    e.news_p_value = row.p_value,
    e.posts_at = row.posts_at,
    e.news_at = row.news_at,
    e.sequence = row.sequence
