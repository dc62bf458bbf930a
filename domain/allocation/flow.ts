/**
 * How much of what is there can get to where it is wanted, when not everything can go everywhere: a maximum flow.
 *
 * Contents: FlowNetwork · createFlow
 */
import { Decimal, ZERO } from '@pm/domain/money';

type Edge = { readonly to: number; readonly back: number; room: Decimal };

/** Edges between numbered nodes, each with how much fits through. */
export type FlowNetwork = {
  /** Adds an edge, of which `used` is taken already; null for no limit. @returns its handle */
  readonly connect: (from: number, to: number, capacity: Decimal | null, used?: Decimal) => () => Decimal;
  /** Sends as much as fits from one node to another, shortest ways first. */
  readonly fill: (source: number, sink: number) => void;
};

const ENDLESS = new Decimal('1e30');

/** An empty network of `size` nodes. @see Edmonds and Karp, 1972 */
export const createFlow = (size: number): FlowNetwork => {
  const edges: Edge[][] = Array.from({ length: size }, () => []);

  const connect: FlowNetwork['connect'] = (from, to, capacity, used = ZERO) => {
    const there: Edge = { to, back: edges[to]?.length ?? 0, room: (capacity ?? ENDLESS).minus(used) };
    const back: Edge = { to: from, back: edges[from]?.length ?? 0, room: used };
    edges[from]?.push(there);
    edges[to]?.push(back);
    return () => back.room;
  };

  /** The edges of a shortest way with room, last one first; null when there is none. */
  const wayTo = (source: number, sink: number): Edge[] | null => {
    const reached = new Map<number, { readonly from: number; readonly edge: Edge } | null>([[source, null]]);
    const queue = [source];
    for (const node of queue) {
      if (reached.has(sink)) break;
      for (const edge of edges[node] ?? []) {
        if (reached.has(edge.to) || edge.room.lessThanOrEqualTo(0)) continue;
        reached.set(edge.to, { from: node, edge });
        queue.push(edge.to);
      }
    }
    const way: Edge[] = [];
    for (let step = reached.get(sink); step !== undefined && step !== null; step = reached.get(step.from)) {
      way.push(step.edge);
    }
    return way.length === 0 ? null : way;
  };

  const fill: FlowNetwork['fill'] = (source, sink) => {
    for (let way = wayTo(source, sink); way !== null; way = wayTo(source, sink)) {
      const amount = Decimal.min(...way.map((edge) => edge.room));
      for (const edge of way) {
        edge.room = edge.room.minus(amount);
        const back = edges[edge.to]?.[edge.back];
        if (back) back.room = back.room.plus(amount);
      }
    }
  };

  return { connect, fill };
};
