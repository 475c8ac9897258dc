// Sizes in pixels, whatever unit the server's sizes and weights are in.
import type { Graph, GraphEdge, GraphNode } from "../types";

export function nodeSize(graph: Graph): (node: GraphNode) => number {
  const largest = Math.max(1e-9, ...graph.nodes.map((node) => node.size));
  const scale = graph.nodes.length > 60 ? 7 : 11;
  return (node) => 4 + scale * Math.sqrt(Math.max(0, node.size) / largest);
}

export function edgeWidth(graph: Graph): (edge: GraphEdge) => number {
  const largest = Math.max(1e-9, ...graph.edges.filter((edge) => edge.kind === "tie").map((edge) => edge.weight));
  const thick = 3 * Math.min(1, Math.sqrt(60 / Math.max(1, graph.edges.length)));
  return (edge) => (edge.kind === "tie" ? 0.6 + thick * Math.min(1, Math.max(0, edge.weight) / largest) : 0.6);
}
