// How many posts of how many accounts name each of these stocks a day? Days since 1970.
// params: ids list<string>, since int, until int
// returns: owner string, day int, posts int, accounts int
UNWIND $ids AS key
MATCH (s:Stock {id: key})<-[:MENTIONS]-(p:Post)
WHERE p.at >= $since AND p.at < $until
WITH key, p.account_id AS account, p.at / 86400000 AS day
RETURN key AS owner, day, count(*) AS posts, count(DISTINCT account) AS accounts
ORDER BY owner, day
