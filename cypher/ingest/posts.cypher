// Which posts are new, or known earlier than we thought? The earliest sight of a post is kept.
// rows: id string, account_id string, platform string, at int, known_at int, text string, text_id string, lang string, client string, hashtags list<string>
// returns: nothing
// writes: Post
UNWIND $rows AS row
MERGE (p:Post {id: row.id})
ON CREATE SET p.account_id = row.account_id,
    p.platform = row.platform,
    p.at = row.at,
    p.known_at = row.known_at,
    p.text = row.text,
    p.text_id = row.text_id,
    p.lang = row.lang,
    p.client = row.client,
    p.hashtags = row.hashtags
WITH p, row
WHERE p.known_at IS NULL
   OR row.known_at < p.known_at
   OR (row.known_at = p.known_at
       AND (row.text_id > p.text_id
            OR (row.text_id = p.text_id AND coalesce(row.client, '') > coalesce(p.client, ''))))
SET p.account_id = row.account_id,
    p.platform = row.platform,
    p.at = row.at,
    p.known_at = row.known_at,
    p.text = row.text,
    p.text_id = row.text_id,
    p.lang = row.lang,
    p.client = row.client,
    p.hashtags = row.hashtags
