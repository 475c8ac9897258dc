// Which posts of a time window are known, what do they repeat, answer and quote, and how are they tagged?
// params: since int, until int, as_of int
// returns: post list<string>, account list<string>, at list<int>, text list<string>, text_id list<string>, repost_of list<string>, client list<string>, reply_to list<string>, quote_of list<string>, hashtags list<list<string>>
MATCH (p:Post)
WHERE p.at >= $since AND p.at < $until AND p.known_at <= $as_of
OPTIONAL MATCH (p)-[:REPOSTS]->(o:Post)
OPTIONAL MATCH (p)-[:REPLIES_TO]->(r:Post)
OPTIONAL MATCH (p)-[:QUOTES]->(q:Post)
RETURN collect(p.id) AS post, collect(p.account_id) AS account, collect(p.at) AS at,
       collect(p.text) AS text, collect(coalesce(p.text_id, '')) AS text_id,
       collect(coalesce(o.id, '')) AS repost_of, collect(coalesce(p.client, '')) AS client,
       collect(coalesce(r.id, '')) AS reply_to, collect(coalesce(q.id, '')) AS quote_of,
       collect(coalesce(p.hashtags, [])) AS hashtags
