// Under which ticker do the prices of each stock stand, and what is it called? A name that is not told stays.
// rows: id string, priced_as string, name string
// returns: nothing
// writes: Stock
UNWIND $rows AS row
MATCH (s:Stock {id: row.id})
WHERE coalesce(s.priced_as, s.id) <> row.priced_as OR coalesce(s.name, '') <> coalesce(row.name, s.name, '')
SET s.priced_as = row.priced_as,
    s.name = coalesce(row.name, s.name)
