// Which posts of an account come next, newest first?
// params: account_id string, since int, until int, after_id string, limit int
// returns: id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
MATCH (p:Post)
WHERE p.account_id = $account_id
  AND p.at >= $since AND p.at <= $until AND (p.at < $until OR p.id > $after_id)
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
ORDER BY at DESC, id
LIMIT $limit
