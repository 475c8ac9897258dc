// Which accounts come next, by id?
// params: after string, limit int
// returns: id string, platform string, handle string, created_at int, followers int, following int, posts_count int, verified bool
MATCH (a:Account)
WHERE a.id > $after
RETURN a.id AS id, a.platform AS platform, a.handle AS handle, a.created_at AS created_at,
       a.followers AS followers, a.following AS following, a.posts_count AS posts_count,
       a.verified AS verified
ORDER BY id
LIMIT $limit
