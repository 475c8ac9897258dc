// The same picture without WebGL.
import type { Graph } from "../types";
import type { GraphProps, Picked } from "./graph";
import { edgeWidth, nodeSize } from "./graphsize";

const SIDE = 600;
const MARGIN = 50;

function placed(graph: Graph): Map<string, [number, number]> {
  const xs = graph.nodes.map((node) => node.x);
  const ys = graph.nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs), Math.max(...ys)];
  const extent = Math.max(1e-9, Math.max(...xs) - left, top - Math.min(...ys));
  const scale = (SIDE - 2 * MARGIN) / extent;
  return new Map(graph.nodes.map((node) => [node.id, [MARGIN + (node.x - left) * scale, MARGIN + (top - node.y) * scale]]));
}

function touches(picked: Picked, ends: string[]): boolean {
  if (!picked) return true;
  return picked.kind === "account" ? ends.includes(picked.id) : ends.every((end) => end === picked.left || end === picked.right);
}

export function GraphSvg({ graph, picked, onPick }: GraphProps) {
  const place = placed(graph);
  const width = edgeWidth(graph);
  const at = (id: string): [number, number] => place.get(id) ?? [0, 0];
  return (
    <svg class="flat" viewBox={`0 0 ${SIDE} ${SIDE}`} data-nodes={graph.nodes.length} role="img" aria-label="Graph of the cluster; the table beside it says the same">
      {graph.edges.map((edge) => (
        <line
          key={`${edge.source} ${edge.target} ${edge.kind}`} class={`${edge.kind} ${touches(picked, [edge.source, edge.target]) ? "" : "faint"}`}
          x1={at(edge.source)[0]} y1={at(edge.source)[1]} x2={at(edge.target)[0]} y2={at(edge.target)[1]} stroke-width={width(edge)}
          onClick={() => edge.kind === "tie" && onPick({ kind: "tie", left: edge.source, right: edge.target })}
        />
      ))}
      {graph.nodes.map((node) => (
        <g key={node.id} class={node.kind} onClick={() => node.kind === "account" && onPick({ kind: "account", id: node.id })}>
          <circle cx={at(node.id)[0]} cy={at(node.id)[1]} r={nodeSize(node)} fill={`var(--role-${node.kind === "stock" ? "stock" : (node.role ?? "amplifier")})`} class={picked?.kind === "account" && picked.id === node.id ? "picked" : ""} />
          <text x={at(node.id)[0] + nodeSize(node) + 3} y={at(node.id)[1] + 4}>{node.label}</text>
        </g>
      ))}
    </svg>
  );
}
