// The graph in words: a table of accounts and a list of the strongest ties, both for the keyboard.
import { count, day, link, plural, traceName, who } from "../format";
import type { Cluster, Member, Tie } from "../types";
import type { Picked } from "./graph";

interface Props { cluster: Cluster; picked: Picked; onPick: (picked: Picked) => void }

const tieCounts = (ties: Tie[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const id of ties.flatMap((tie) => [tie.left.id, tie.right.id])) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
};

export function Members({ cluster, picked, onPick }: Props) {
  const counts = tieCounts(cluster.ties);
  const members = [...cluster.members].sort((a, b) => b.strength - a.strength);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Members">
      <table>
        <caption>Members, the strongest first. Choose one to see its ties and posts.</caption>
        <thead><tr><th scope="col">Account</th><th scope="col">Role</th><th scope="col" class="n">Ties</th><th scope="col" class="n">Followers</th><th scope="col">Since</th></tr></thead>
        <tbody>{members.map((member) => <Row key={member.account.id} member={member} ties={counts.get(member.account.id) ?? 0} on={picked?.kind === "account" && picked.id === member.account.id} onPick={onPick} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ member, ties, on, onPick }: { member: Member; ties: number; on: boolean; onPick: Props["onPick"] }) {
  const { account } = member;
  return (
    <tr class={on ? "on" : ""}>
      <td><button type="button" class="plain" aria-pressed={on} onClick={() => onPick(on ? null : { kind: "account", id: account.id })}>{who(account)}</button></td>
      <td><i class={`dot ${member.role}`} style={{ background: `var(--role-${member.role})` }} aria-hidden="true" /> {member.role}</td>
      <td class="n">{ties}</td>
      <td class="n">{account.followers === null ? "unknown" : count(account.followers)}</td>
      <td>{account.createdAt ? day(account.createdAt) : "unknown"}</td>
    </tr>
  );
}

const SHOWN = 10;

export function Ties({ cluster, picked, onPick }: Props) {
  const of = picked?.kind === "account" ? cluster.ties.filter((tie) => tie.left.id === picked.id || tie.right.id === picked.id) : cluster.ties;
  const ties = [...of].sort((a, b) => b.weight - a.weight).slice(0, SHOWN);
  const on = (tie: Tie): boolean => picked?.kind === "tie" && [tie.left.id, tie.right.id].includes(picked.left) && [tie.left.id, tie.right.id].includes(picked.right);
  return (
    <div class="ties">
      <h4>{picked?.kind === "account" ? "Its strongest ties" : "Strongest ties"} <span class="small">({Math.min(SHOWN, of.length)} of {of.length}; choose one to see its pairs of posts)</span></h4>
      <ul>
        {ties.map((tie) => (
          <li key={`${tie.left.id} ${tie.right.id}`}>
            <button type="button" class="plain" aria-pressed={on(tie)} onClick={() => onPick({ kind: "tie", left: tie.left.id, right: tie.right.id })}>{who(tie.left)} – {who(tie.right)}</button>
            <span class="small"> {tie.traces.map(traceName).join(", ")}, {plural(tie.coActions, "time")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export const profile = (id: string) => <a href={link("account", id)}>Everything about this account</a>;
