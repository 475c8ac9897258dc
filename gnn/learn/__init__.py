"""Learning on graphs: trees over neighbour aggregates, and a GNN that has to earn its weight."""
