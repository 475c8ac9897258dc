// What is known of the accounts, a page at a time?
// params: after string, limit int, as_of int
// returns: account string, handle string, created_at int, followers int, following int, posts_count int
MATCH (a:Account)
WHERE a.id > $after AND a.known_at <= $as_of
RETURN a.id AS account, a.handle AS handle, a.created_at AS created_at, a.followers AS followers,
       a.following AS following, a.posts_count AS posts_count
ORDER BY account
LIMIT $limit
