// Which embedded texts are nearest to a vector, and who posted them first? (For an analyst.)
// params: vector list<float>, k int
// returns: text_id string, similarity float, post_id string, account_id string, at int, text string
CALL db.index.vector.queryNodes('text_embedding', $k, $vector) YIELD node, score
MATCH (p:Post {text_id: node.id})
WITH node, score, p ORDER BY p.at, p.id
WITH node.id AS text_id, score AS similarity, collect(p)[0] AS p
RETURN text_id, similarity, p.id AS post_id, p.account_id AS account_id, p.at AS at, p.text AS text
ORDER BY similarity DESC, text_id
