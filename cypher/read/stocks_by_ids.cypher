// Which of these tickers are known?
// params: ids list<string>
// returns: id string, name string, priced_as string
UNWIND $ids AS key
MATCH (s:Stock {id: key})
RETURN s.id AS id, s.name AS name, s.priced_as AS priced_as
