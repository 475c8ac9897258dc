// The cluster as a graph at the server's positions: WebGL where there is any, a still SVG otherwise.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Graph } from "../types";
import { GraphSvg } from "./graphsvg";

/** What the reader has picked: one account, or the tie between two. */
export type Picked = { kind: "account"; id: string } | { kind: "tie"; left: string; right: string } | null;

export interface GraphProps { graph: Graph; picked: Picked; onPick: (picked: Picked) => void }

export interface Handle { show: (picked: Picked) => void; zoom: (factor: number) => void; reset: () => void; close: () => void }

export const ROLES: [string, string][] = [
  ["leader", "leads: posts first"], ["amplifier", "amplifies: follows"], ["source", "source: others repost it"], ["stock", "stock they promote"],
];

export function colour(role: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--role-${role}`).trim() || "#888888";
}

function hasWebGl(): boolean {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

export function GraphPart(props: GraphProps) {
  const [flat, setFlat] = useState(() => !hasWebGl());
  return (
    <figure class="graph">
      {flat ? <GraphSvg {...props} /> : <GraphGl {...props} onNoWebGl={() => setFlat(true)} />}
      <figcaption class="legend">
        {ROLES.map(([role, text]) => <span key={role}><i style={{ background: `var(--role-${role})` }} class={role} /> {text}</span>)}
        <span><i class="edge" /> tie: thicker is less likely by chance</span>
      </figcaption>
    </figure>
  );
}

function GraphGl({ graph, picked, onPick, onNoWebGl }: GraphProps & { onNoWebGl: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<Handle | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    let wanted = true;
    import("./graphgl").then(({ draw }) => {
      if (!wanted || !box.current) return;
      handle.current = draw(box.current, graph, (value) => pick.current(value));
      handle.current.show(picked);
    }).catch(() => wanted && onNoWebGl());
    return () => { wanted = false; handle.current?.close(); handle.current = null; };
  }, [graph]);
  useEffect(() => handle.current?.show(picked), [picked]);
  return (
    <div class="canvas">
      <div class="zoom">
        <button type="button" title="Zoom in" aria-label="Zoom in" onClick={() => handle.current?.zoom(1.5)}>+</button>
        <button type="button" title="Zoom out" aria-label="Zoom out" onClick={() => handle.current?.zoom(1 / 1.5)}>−</button>
        <button type="button" title="Show all" aria-label="Show the whole graph" onClick={() => handle.current?.reset()}>⤢</button>
      </div>
      <div ref={box} class="gl" data-nodes={graph.nodes.length} aria-label="Graph of the cluster; the table beside it says the same" role="img" />
    </div>
  );
}
