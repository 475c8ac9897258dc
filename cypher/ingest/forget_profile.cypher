// Of an account that somebody else's post names, only the id stays.
// params: id string
// returns: nothing
// writes: Account
MATCH (a:Account {id: $id})
WHERE a.handle IS NOT NULL OR a.known_at IS NOT NULL OR a.followers IS NOT NULL
REMOVE a.handle, a.created_at, a.known_at, a.followers, a.following, a.posts_count, a.verified
