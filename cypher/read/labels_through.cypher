// Which labels were drawn from the verdicts about this cluster, as known then? Superseded ones too.
// params: id string, as_of int
// returns: id string, kind string, subject string, verdict string, tier string, confidence float, provenance string, known_at int, recorded_at int, reason string, through string
MATCH (l:Label {through: $id})
WHERE l.known_at <= $as_of
RETURN l.id AS id, l.kind AS kind, l.subject AS subject, l.verdict AS verdict, l.tier AS tier,
       l.confidence AS confidence, l.provenance AS provenance, l.known_at AS known_at,
       l.recorded_at AS recorded_at, l.reason AS reason, l.through AS through
ORDER BY id
