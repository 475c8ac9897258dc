// What do these posts say? A post known by id only has no text and is left out.
// params: ids list<string>
// returns: id string, account_id string, at int, text string, lang string, client string, hashtags list<string>
UNWIND $ids AS key
MATCH (p:Post {id: key})
WHERE p.at IS NOT NULL
RETURN p.id AS id, p.account_id AS account_id, p.at AS at, p.text AS text, p.lang AS lang,
       p.client AS client, p.hashtags AS hashtags
