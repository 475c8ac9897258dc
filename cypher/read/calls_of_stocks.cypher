// What do posts call these stocks, where that is not the ticker of their prices?
// params: ids list<string>
// returns: owner string, value string
UNWIND $ids AS key
MATCH (s:Stock {priced_as: key})
WHERE s.id <> key
RETURN key AS owner, s.id AS value
ORDER BY owner, value
