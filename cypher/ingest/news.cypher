// What was written? Of an article that comes twice the words that were known first are kept.
// rows: id string, at int, known_at int, kind string, title string, summary string, url string, source string
// returns: nothing
// writes: News
UNWIND $rows AS row
MERGE (n:News {id: row.id})
WITH n, row
WHERE n.known_at IS NULL OR row.known_at < n.known_at
   OR (row.known_at = n.known_at AND row.title + '|' + row.summary < n.title + '|' + n.summary)
SET n.at = row.at,
    n.known_at = row.known_at,
    n.kind = row.kind,
    n.title = row.title,
    n.summary = row.summary,
    n.url = row.url,
    n.source = row.source
