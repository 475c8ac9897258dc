// Which stocks have prices? Each becomes a stock, whether anybody named it or not.
// rows: id string
// returns: nothing
// writes: Stock
UNWIND $rows AS row
MERGE (s:Stock {id: row.id})
