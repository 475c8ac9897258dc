// Which posts hold these words, newest first? Of the $candidates best matches; '' as account or ticker means any.
// params: search string, candidates int, account_id string, ticker string, since int, until int, after_id string, limit int
// returns: id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
CALL db.index.fulltext.queryNodes('post_text', $search) YIELD node, score
WITH node AS p, score ORDER BY score DESC LIMIT $candidates
WHERE ($account_id = '' OR p.account_id = $account_id)
  AND ($ticker = '' OR EXISTS { MATCH (p)-[:MENTIONS]->(:Stock {id: $ticker}) })
  AND p.at >= $since AND p.at <= $until AND (p.at < $until OR p.id > $after_id)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
ORDER BY at DESC, id
LIMIT $limit
