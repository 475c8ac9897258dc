// Which stocks are named?
// rows: id string
// returns: nothing
// writes: Stock
UNWIND $rows AS row
MERGE (:Stock {id: row.id})
