// Which addresses are pointed to?
// rows: id string, domain string
// returns: nothing
// writes: Link
UNWIND $rows AS row
MERGE (l:Link {id: row.id})
ON CREATE SET l.domain = row.domain
