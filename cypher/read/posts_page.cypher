// Which posts come next, newest first? Of those at exactly $until only ids after $after_id.
// params: since int, until int, after_id string, limit int
// returns: id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
MATCH (p:Post)
WHERE p.at >= $since AND p.at <= $until AND (p.at < $until OR p.id > $after_id)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
ORDER BY at DESC, id
LIMIT $limit
