// Whose profile is newer than the one we have? The newest is kept; a stub gives way to any profile.
// rows: id string, platform string, handle string, created_at int, known_at int, followers int, following int, posts_count int, verified bool
// returns: nothing
// writes: Account
UNWIND $rows AS row
MERGE (a:Account {id: row.id})
ON CREATE SET a.platform = row.platform,
    a.handle = row.handle,
    a.created_at = row.created_at,
    a.known_at = row.known_at,
    a.followers = row.followers,
    a.following = row.following,
    a.posts_count = row.posts_count,
    a.verified = row.verified
WITH a, row
WHERE a.known_at IS NULL
   OR (a.created_at IS NULL AND a.followers IS NULL AND a.following IS NULL
       AND a.posts_count IS NULL AND a.verified IS NULL)
   OR a.known_at < row.known_at
   OR (a.known_at = row.known_at
       AND (coalesce(a.posts_count, -1) < coalesce(row.posts_count, -1)
            OR (coalesce(a.posts_count, -1) = coalesce(row.posts_count, -1)
                AND (coalesce(a.followers, -1) < coalesce(row.followers, -1)
                     OR (coalesce(a.followers, -1) = coalesce(row.followers, -1)
                         AND coalesce(a.following, -1) < coalesce(row.following, -1))))))
SET a.platform = row.platform,
    a.handle = row.handle,
    a.created_at = row.created_at,
    a.known_at = row.known_at,
    a.followers = row.followers,
    a.following = row.following,
    a.posts_count = row.posts_count,
    a.verified = row.verified
