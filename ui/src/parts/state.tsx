// What stands on the page while there is no answer, and when there is none.
import type { Asked } from "../api";

export function Waiting({ what }: { what: string }) {
  return <p class="notice" role="status">Loading {what} …</p>;
}

export function Failed({ asked }: { asked: Pick<Asked<unknown>, "trouble" | "again"> }) {
  return (
    <p class="notice bad" role="alert">
      {asked.trouble} <button type="button" onClick={asked.again}>Try again</button>
    </p>
  );
}

export function Unknown({ what, hint }: { what: string; hint: string }) {
  return <p class="notice">{what} {hint} <a href="#/">Go to the clusters.</a></p>;
}
