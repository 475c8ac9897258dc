// Which accounts are known by name only? The earliest naming is kept; a profile is never touched.
// rows: id string, platform string, handle string, known_at int
// returns: nothing
// writes: Account
UNWIND $rows AS row
MERGE (a:Account {id: row.id})
ON CREATE SET a.platform = row.platform,
    a.handle = row.handle,
    a.known_at = row.known_at
WITH a, row
WHERE a.known_at IS NULL
   OR (a.created_at IS NULL AND a.followers IS NULL AND a.following IS NULL
       AND a.posts_count IS NULL AND a.verified IS NULL
       AND (row.known_at < a.known_at
            OR (row.known_at = a.known_at AND coalesce(row.handle, '') > coalesce(a.handle, ''))))
SET a.platform = row.platform,
    a.handle = row.handle,
    a.known_at = row.known_at
