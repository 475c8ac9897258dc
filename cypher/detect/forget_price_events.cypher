// Which price events are none any more, since bars were corrected or a split became known?
// rows: id string
// returns: nothing
// writes: PriceEvent
UNWIND $rows AS row
MATCH (e:PriceEvent {id: row.id})
DETACH DELETE e
