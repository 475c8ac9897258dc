// Sizes in pixels.
import type { Graph, GraphEdge, GraphNode } from "../types";

/** The server gives a radius for a drawing 600 wide; ours is a little smaller, and a dot must be hit. */
export const nodeSize = (node: GraphNode): number => Math.min(13, Math.max(3.5, 0.8 * node.size));

export function edgeWidth(graph: Graph): (edge: GraphEdge) => number {
  const largest = Math.max(1e-9, ...graph.edges.filter((edge) => edge.kind === "tie").map((edge) => edge.weight));
  const thick = 3 * Math.min(1, Math.sqrt(60 / Math.max(1, graph.edges.length)));
  return (edge) => (edge.kind === "tie" ? 0.6 + thick * Math.min(1, Math.max(0, edge.weight) / largest) : 0.6);
}
