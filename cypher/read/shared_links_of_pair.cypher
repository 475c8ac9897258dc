// Which links did two accounts both post, and how often? (For an analyst.)
// params: left string, right string
// returns: link string, left_posts int, right_posts int
MATCH (a:Account {id: $left})-[:POSTED]->(p:Post)-[:LINKS_TO]->(l:Link)
WITH l, count(p) AS left_posts
MATCH (b:Account {id: $right})-[:POSTED]->(q:Post)-[:LINKS_TO]->(l)
RETURN l.id AS link, left_posts, count(q) AS right_posts
ORDER BY right_posts DESC, link
