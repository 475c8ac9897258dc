// The drawing by sigma, in a chunk of its own.
import Graphology from "graphology";
import Sigma from "sigma";
import type { Graph } from "../types";
import { colour, type Handle, type Picked } from "./graph";
import { edgeWidth, nodeSize } from "./graphsize";

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function built(graph: Graph): Graphology {
  const made = new Graphology({ multi: false, type: "undirected" });
  const width = edgeWidth(graph);
  for (const node of graph.nodes) {
    const role = node.kind === "stock" ? "stock" : (node.role ?? "amplifier");
    made.mergeNode(node.id, { x: node.x, y: node.y, size: nodeSize(node), label: node.label, color: colour(role), kind: node.kind });
  }
  for (const edge of graph.edges) {
    if (!made.hasNode(edge.source) || !made.hasNode(edge.target) || edge.source === edge.target) continue;
    made.mergeEdge(edge.source, edge.target, { size: width(edge), color: token(edge.kind === "tie" ? "--edge" : "--edge-stock"), kind: edge.kind });
  }
  return made;
}

/** Whether the node, or the edge between two nodes, belongs to what is picked. */
function related(graph: Graphology, picked: Picked): { node: (id: string) => boolean; edge: (id: string) => boolean } {
  if (!picked) return { node: () => true, edge: () => true };
  if (picked.kind === "account") {
    return {
      node: (id) => id === picked.id || (graph.hasNode(picked.id) && graph.areNeighbors(id, picked.id)),
      edge: (id) => graph.extremities(id).includes(picked.id),
    };
  }
  const ends = [picked.left, picked.right];
  return { node: (id) => ends.includes(id), edge: (id) => graph.extremities(id).every((end) => ends.includes(end)) };
}

function hover(context: CanvasRenderingContext2D, data: { x: number; y: number; size: number; label?: string | null }): void {
  const label = data.label ?? "";
  context.font = "13px system-ui, sans-serif";
  const width = context.measureText(label).width + 12;
  context.fillStyle = token("--panel");
  context.strokeStyle = token("--accent");
  context.beginPath();
  context.roundRect(data.x + data.size + 3, data.y - 11, width, 22, 5);
  context.fill();
  context.stroke();
  context.fillStyle = token("--ink");
  context.fillText(label, data.x + data.size + 9, data.y + 4.5);
}

export function draw(box: HTMLElement, graph: Graph, onPick: (picked: Picked) => void): Handle {
  const inside = built(graph);
  let near = related(inside, null);
  let picked: Picked = null;
  const view = new Sigma(inside, box, {
    allowInvalidContainer: true,
    enableEdgeEvents: true,
    renderEdgeLabels: false,
    labelColor: { color: token("--ink") },
    labelFont: "system-ui, sans-serif",
    labelSize: 12,
    labelRenderedSizeThreshold: inside.order > 40 ? 9 : 4,
    defaultDrawNodeHover: hover,
    stagePadding: 55,
    zIndex: true,
    minEdgeThickness: 0.8,
    nodeReducer: (id, data) => (near.node(id) ? { ...data, zIndex: 1, highlighted: isPicked(id) } : { ...data, color: token("--faint"), label: "", zIndex: 0 }),
    edgeReducer: (id, data) => {
      if (!picked) return data;
      return near.edge(id) ? { ...data, color: token("--accent"), size: Math.max(2, data["size"] as number), zIndex: 1 } : { ...data, hidden: true };
    },
  });
  function isPicked(id: string): boolean {
    if (!picked) return false;
    return picked.kind === "account" ? id === picked.id : id === picked.left || id === picked.right;
  }
  view.on("clickNode", ({ node }) => {
    if (inside.getNodeAttribute(node, "kind") === "account") onPick({ kind: "account", id: node });
    else location.hash = `#/stock/${encodeURIComponent(node)}`;
  });
  view.on("clickEdge", ({ edge }) => {
    const [left, right] = inside.extremities(edge);
    if (inside.getEdgeAttribute(edge, "kind") === "tie") onPick({ kind: "tie", left, right });
  });
  view.on("clickStage", () => onPick(null));
  const pointer = (kind: string) => () => { box.style.cursor = kind; };
  view.on("enterNode", pointer("pointer"));
  view.on("enterEdge", pointer("pointer"));
  view.on("leaveNode", pointer(""));
  view.on("leaveEdge", pointer(""));
  return {
    show: (value) => { picked = value; near = related(inside, value); view.refresh(); },
    zoom: (factor) => { const camera = view.getCamera(); void camera.animate({ ratio: camera.ratio / factor }, { duration: 150 }); },
    reset: () => void view.getCamera().animatedReset({ duration: 150 }),
    close: () => view.kill(),
  };
}
