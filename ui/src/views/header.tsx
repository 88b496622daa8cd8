/** What happened, in one sentence, with the verdict and its reasons. */

import type { Head, Run } from '../data/format.ts';
import { count, dollars, milliseconds, percent, time } from '../numbers.ts';
import { visible } from './text.tsx';

const MEANINGS = {
  ALLOW: 'The candidate may take the place of the baseline: a loss beyond the margin is ruled out.',
  REJECT: 'The candidate is worse than the baseline, by more than the margin.',
  INCONCLUSIVE: 'So many cases cannot tell whether the loss stays within the margin.',
};
const MARKS = { ALLOW: '✓', REJECT: '✗', INCONCLUSIVE: '?' };

export function Header({ head, onHelp }: { head: Head; onHelp: () => void }) {
  const { verdict } = head;
  return (
    <header>
      <div class="title-line">
        <p class="suite">{visible(head.suite.name)}</p>
        <button type="button" class="quiet" onClick={onHelp} title="Keys and filters (?)">
          Help
        </button>
      </div>
      <h1>{visible(head.headline)}</h1>
      {verdict !== null && (
        <div class={`verdict ${verdict.decision.toLowerCase()}`}>
          <strong title={MEANINGS[verdict.decision]}>
            <span aria-hidden="true">{MARKS[verdict.decision]}</span> {verdict.decision}
          </strong>
          <ul>
            {verdict.reasons.map((reason) => (
              <li key={reason}>{visible(reason)}</li>
            ))}
          </ul>
        </div>
      )}
      <Runs head={head} />
      <Notes title="Read with care" notes={head.notes} />
      <Notes title="Left out of this file" notes={head.omitted} />
    </header>
  );
}

interface Fact {
  name: string;
  meaning: string;
  value: (run: Run) => string;
  isNumber?: boolean;
}

const FACTS: Fact[] = [
  { name: 'Model', meaning: 'The model of the run.', value: (run) => run.model },
  { name: 'Status', meaning: 'running, completed or failed.', value: (run) => run.status },
  { name: 'Cases', meaning: 'Cases, each trial counted.', value: (run) => count(run.cases), isNumber: true },
  { name: 'Errors', meaning: 'Cases, each trial counted, that ended in an error.', value: errors, isNumber: true },
  {
    name: 'Latency',
    meaning: 'The mean of the cases whose latency was saved.',
    value: (run) => milliseconds(run.latencyMs),
    isNumber: true,
  },
  {
    name: 'Cost',
    meaning: 'The sum over the cases whose cost was saved.',
    value: (run) => dollars(run.costUsd),
    isNumber: true,
  },
  { name: 'Tokens', meaning: 'Sums over the cases whose tokens were saved: in, out.', value: tokens, isNumber: true },
  { name: 'Started', meaning: 'When the run began.', value: (run) => time(run.startedAt) },
  { name: 'Commit', meaning: 'The commit that was evaluated, and its branch.', value: commit },
  { name: 'Tags', meaning: 'The tags of the run.', value: (run) => run.tags.join(', ') },
];

function Runs({ head: { baseline, candidate } }: { head: Head }) {
  const runs = baseline === null ? [candidate] : [baseline, candidate];
  // What neither run has takes no room.
  const facts = FACTS.filter(({ value }) => runs.some((run) => !['', '–'].includes(value(run))));
  return (
    <div class="scroll runs" tabIndex={0} role="region" aria-label="Runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {facts.map(({ name, meaning, isNumber }) => (
              <th scope="col" key={name} title={meaning} class={isNumber ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row" title={`The run ${visible(run.id)}`}>
                {baseline !== null && <span class={run === candidate ? 'side candidate' : 'side baseline'} />}
                {visible(run.name)}
                {baseline !== null && <small> {run === candidate ? 'candidate' : 'baseline'}</small>}
              </th>
              {facts.map(({ name, meaning, value, isNumber }) => (
                <td key={name} title={meaning} class={isNumber ? 'number' : ''}>
                  {visible(value(run))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function commit(run: Run): string {
  if (run.commit === null) return '';
  return run.commit.slice(0, 10) + (run.branch === null ? '' : ` (${run.branch})`);
}

function errors(run: Run): string {
  return run.errored === 0 ? '0' : `${count(run.errored)} (${percent(run.errored / run.cases)})`;
}

function tokens(run: Run): string {
  return run.tokensIn === null && run.tokensOut === null
    ? '–'
    : `${count(run.tokensIn)} in, ${count(run.tokensOut)} out`;
}

function Notes({ title, notes }: { title: string; notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <aside class="notes">
      <h2>{title}</h2>
      <ul>
        {notes.map((note) => (
          <li key={note}>{visible(note)}</li>
        ))}
      </ul>
    </aside>
  );
}
