// Asking the server. A failed question ends as a Trouble whose message tells the reader what to do.
import { useEffect, useState } from "preact/hooks";

export class Trouble extends Error {}

interface Answer<T> { data?: T | null; errors?: { message: string }[] }

export async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const response = await post(JSON.stringify({ query, variables }));
  const answer = await parsed<T>(response);
  if (answer.errors?.length) throw new Trouble(answer.errors.map((e) => e.message).join(" "));
  if (!answer.data) throw new Trouble(`The server answered ${response.status} and nothing else. Its log says why.`);
  return answer.data;
}

async function post(body: string): Promise<Response> {
  try {
    return await fetch("graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  } catch {
    throw new Trouble("The server does not answer. Is “sentinelmarket serve” still running? Start it and try again.");
  }
}

async function parsed<T>(response: Response): Promise<Answer<T>> {
  try {
    return (await response.json()) as Answer<T>;
  } catch {
    throw new Trouble(`The server answered ${response.status} with something that is not JSON. Its log says why.`);
  }
}

export interface Asked<T> { data: T | null; trouble: string | null; loading: boolean; again: () => void }

/** Asks when the question or its variables change; an answer that comes too late is dropped. */
export function useAsk<T>(query: string, variables: object = {}): Asked<T> {
  const key = JSON.stringify([query, variables]);
  const [state, setState] = useState<{ key: string; data: T | null; trouble: string | null }>({ key: "", data: null, trouble: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask<T>(query, variables).then(
      (data) => wanted && setState({ key, data, trouble: null }),
      (error: Error) => wanted && setState({ key, data: null, trouble: error.message }),
    );
    return () => { wanted = false; };
  }, [key, turn]);
  const current = state.key === key;
  return {
    data: current ? state.data : null,
    trouble: current ? state.trouble : null,
    loading: !current,
    again: () => { setState({ key: "", data: null, trouble: null }); setTurn(turn + 1); },
  };
}
