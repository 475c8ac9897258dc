// Which posts that name a stock come next, newest first? '' as the account means any.
// params: ticker string, account_id string, since int, until int, after_id string, limit int
// returns: id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
MATCH (s:Stock {id: $ticker})<-[:MENTIONS]-(p:Post)
WHERE ($account_id = '' OR p.account_id = $account_id)
  AND p.at >= $since AND p.at <= $until AND (p.at < $until OR p.id > $after_id)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
ORDER BY at DESC, id
LIMIT $limit
