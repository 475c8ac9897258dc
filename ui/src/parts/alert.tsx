// An alert's state, and the buttons that change it. A dismissal must say why.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { moment } from "../format";
import { SET_ALERT } from "../queries";
import type { Alert, AlertState } from "../types";
import { STATES } from "./rows";

const NEEDS_REASON = "Say why this alert is dismissed, so that the next reader need not ask you.";

export function AlertBox({ alert: given }: { alert: Alert }) {
  const [alert, setAlert] = useState(given);
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const turn = (state: AlertState, reason: string | null = null) =>
    ask<{ setAlertState: Alert }>(SET_ALERT, { id: alert.id, state, reason }).then(
      (answer) => { setAlert(answer.setAlertState); setAsking(false); setTrouble(null); },
      (error: Error) => setTrouble(error.message),
    );
  return (
    <section class="alert" aria-label="Alert">
      <p>
        <span class={`state ${alert.state.toLowerCase()}`}>{STATES[alert.state]}</span>{" "}
        raised {moment(alert.raisedAt)}{alert.reason && <> · reason: {alert.reason}</>}
      </p>
      <p class="buttons">
        {alert.state !== "ACKNOWLEDGED" && <button type="button" onClick={() => turn("ACKNOWLEDGED")}>Acknowledge</button>}
        {alert.state !== "DISMISSED" && <button type="button" aria-expanded={asking} onClick={() => setAsking(!asking)}>Dismiss …</button>}
        {alert.state !== "MUTED" && <button type="button" onClick={() => turn("MUTED")}>Mute</button>}
        {alert.state !== "OPEN" && <button type="button" onClick={() => turn("OPEN")}>Reopen</button>}
      </p>
      {asking && <Dismissal onReason={(reason) => turn("DISMISSED", reason)} onTrouble={setTrouble} />}
      {trouble && <p class="bad" role="alert">{trouble}</p>}
      {alert.history.length > 0 && <History lines={alert.history} />}
    </section>
  );
}

function Dismissal({ onReason, onTrouble }: { onReason: (reason: string) => void; onTrouble: (text: string) => void }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget as HTMLFormElement).get("reason") ?? "").trim();
    if (typed) onReason(typed);
    else onTrouble(NEEDS_REASON);
  };
  return (
    <form class="dismissal" onSubmit={submit}>
      <label>Reason (required) <input name="reason" maxLength={500} autocomplete="off" /></label>
      <button type="submit">Dismiss this alert</button>
    </form>
  );
}

/** A line is "<ms> <state> <reason>". */
function said(line: string): string {
  const [, at = "", rest = ""] = /^(\d+) (.*)$/.exec(line) ?? [];
  return at ? `${moment(new Date(Number(at)).toISOString())}: ${rest}` : line;
}

function History({ lines }: { lines: string[] }) {
  return (
    <details>
      <summary>History</summary>
      <ol>{lines.map((line) => <li key={line}>{said(line)}</li>)}</ol>
    </details>
  );
}
