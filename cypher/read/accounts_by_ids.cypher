// What is known about these accounts?
// params: ids list<string>
// returns: id string, platform string, handle string, created_at int, followers int, following int, posts_count int, verified bool
UNWIND $ids AS key
MATCH (a:Account {id: key})
RETURN a.id AS id, a.platform AS platform, a.handle AS handle, a.created_at AS created_at,
       a.followers AS followers, a.following AS following, a.posts_count AS posts_count,
       a.verified AS verified
