/** What happened, in one sentence, with the verdict and its reasons. */

import type { Head, Run } from '../data/format.ts';
import { count, dollars, milliseconds, percent, time } from '../numbers.ts';

const MEANINGS = {
  ALLOW: 'The candidate may take the place of the baseline: a loss beyond the margin is ruled out.',
  REJECT: 'The candidate is worse than the baseline, by more than the margin.',
  INCONCLUSIVE: 'So many cases cannot tell whether the loss stays within the margin.',
};
const MARKS = { ALLOW: '✓', REJECT: '✗', INCONCLUSIVE: '?' };

export function Header({ head, onHelp }: { head: Head; onHelp: () => void }) {
  const { verdict, baseline, candidate } = head;
  return (
    <header>
      <div class="title-line">
        <p class="suite">{head.suite.name}</p>
        <button type="button" class="quiet" onClick={onHelp} title="Keys and filters (?)">
          Help
        </button>
      </div>
      <h1>{head.headline}</h1>
      {verdict !== null && (
        <div class={`verdict ${verdict.decision.toLowerCase()}`}>
          <strong title={MEANINGS[verdict.decision]}>
            <span aria-hidden="true">{MARKS[verdict.decision]}</span> {verdict.decision}
          </strong>
          <ul>
            {verdict.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="runs">
        {baseline !== null && <RunCard side="Baseline" run={baseline} />}
        <RunCard side={baseline === null ? 'Run' : 'Candidate'} run={candidate} />
      </div>
      <Notes title="Read with care" notes={head.notes} />
      <Notes title="Left out of this file" notes={head.omitted} />
    </header>
  );
}

function RunCard({ side, run }: { side: string; run: Run }) {
  const facts: [string, string, string][] = [
    ['Model', run.model, 'The model of the run.'],
    ['Status', run.status, 'running, completed or failed.'],
    ['Cases', count(run.cases), 'Cases, each trial counted.'],
    ['Errors', errors(run), 'Cases, each trial counted, that ended in an error.'],
    ['Latency', milliseconds(run.latencyMs), 'The mean of the cases whose latency was saved.'],
    ['Cost', dollars(run.costUsd), 'The sum over the cases whose cost was saved.'],
    ['Tokens', tokens(run), 'Sums over the cases whose tokens were saved: in, out.'],
    ['Started', time(run.startedAt), 'When the run began.'],
  ];
  if (run.commit !== null)
    facts.push([
      'Commit',
      `${run.commit.slice(0, 10)}${run.branch ? ` (${run.branch})` : ''}`,
      'The commit that was evaluated.',
    ]);
  if (run.tags.length > 0) facts.push(['Tags', run.tags.join(', '), 'The tags of the run.']);
  return (
    <section class="run" aria-label={`${side}: ${run.name}`}>
      <h2>
        <span class="side">{side}</span> {run.name}
      </h2>
      <dl>
        {facts.map(([name, value, meaning]) => (
          <div key={name} title={meaning}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
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
          <li key={note}>{note}</li>
        ))}
      </ul>
    </aside>
  );
}
