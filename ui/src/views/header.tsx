/** The outcome in one sentence, with the verdict and its reasons. */

import type { Head, Reason, Run } from '../data/format.ts';
import { count, dollars, milliseconds, percent, time } from '../numbers.ts';
import { Cut } from './cut.tsx';
import { meaning } from './meaning.ts';
import { type Heading, Table } from './table.tsx';
import { visible } from './text.tsx';

const MARKS = { ALLOW: '✓', REJECT: '✗', INCONCLUSIVE: '?' };

export function Header({ head, isLive, onHelp }: { head: Head; isLive: boolean; onHelp: () => void }) {
  const { verdict } = head;
  return (
    <header>
      <div class="title-line">
        <p class="suite">
          {isLive && (
            <>
              <a href="#runs">All runs</a>
              <span aria-hidden="true"> / </span>
            </>
          )}
          {visible(head.suite.name)}
        </p>
        <button type="button" class="quiet" onClick={onHelp} title="Keys and filters (?)">
          Help
        </button>
      </div>
      <h1>{visible(head.headline)}</h1>
      {verdict !== null && (
        <div class={`verdict ${verdict.decision.toLowerCase()}`}>
          <strong title={meaning(verdict.decision)}>
            <span aria-hidden="true">{MARKS[verdict.decision]}</span> {verdict.decision}
          </strong>
          <Cut items={verdict.reasons} most={4} what="reasons" draw={reasons} />
        </div>
      )}
      <Notes
        title={`What the ${head.baseline === null ? 'failures' : 'regressions'} have in common`}
        notes={head.inCommon}
      />
      {head.scorecard && <Notes title={`Thresholds: ${head.scorecard.verdict}`} notes={head.scorecard.reasons} />}
      <Runs head={head} />
      <Notes title="Read with care" notes={head.notes} />
      <Notes title="Left out of this file" notes={head.omitted} />
    </header>
  );
}

function reasons(some: Reason[]) {
  return (
    <ul>
      {some.map(({ scorer, finding, advice }) => (
        <li key={scorer + finding}>
          {scorer !== null && <b>{visible(scorer)}: </b>}
          {visible(finding)}
          {advice && <small>{visible(advice)}</small>}
        </li>
      ))}
    </ul>
  );
}

interface Fact {
  name: string;
  value: (run: Run) => string;
  isNumber?: boolean;
  /** The number that is compared. */
  measured?: (run: Run) => number | null;
}

const FACTS: Fact[] = [
  { name: 'Model', value: (run) => run.model },
  // Shown only if it is not the usual one.
  { name: 'Status', value: ({ status }) => (status === 'completed' ? '' : status) },
  {
    name: 'Latency',
    value: (run) => milliseconds(run.latencyMs),
    measured: (run) => run.latencyMs,
    isNumber: true,
  },
  { name: 'Cost', value: (run) => dollars(run.costUsd), measured: (run) => run.costUsd, isNumber: true },
  {
    name: 'Tokens',
    value: tokens,
    measured: ({ tokensIn, tokensOut }) => (tokensIn ?? 0) + (tokensOut ?? 0) || null,
    isNumber: true,
  },
  { name: 'Attempts', value: (run) => count(run.cases), isNumber: true },
  { name: 'Errors', value: errors, isNumber: true },
  { name: 'Started', value: (run) => time(run.startedAt), isNumber: true },
  { name: 'Commit', value: commit },
  { name: 'Tags', value: (run) => run.tags.join(', ') },
];

function Runs({ head: { baseline, candidate } }: { head: Head }) {
  const runs = baseline === null ? [candidate] : [baseline, candidate];
  // Columns without a value in either run are left out.
  const facts = FACTS.filter(({ value }) => runs.some((run) => !['', '–'].includes(value(run))));
  return (
    <Table
      label="Runs"
      kind="runs"
      headings={[['Run'], ...facts.map(({ name, isNumber }): Heading => [name, meaning(name), isNumber])]}
    >
      {runs.map((run) => (
        <tr key={run.id}>
          <th scope="row" title={`The run ${visible(run.id)}`}>
            {baseline !== null && <span class={run === candidate ? 'side candidate' : 'side baseline'} />}
            {visible(run.name)}
            {baseline !== null && <small> {run === candidate ? 'candidate' : 'baseline'}</small>}
          </th>
          {facts.map(({ name, value, isNumber }) => (
            <td key={name} title={meaning(name)} class={isNumber ? 'number' : ''}>
              {visible(value(run))}
            </td>
          ))}
        </tr>
      ))}
      {baseline !== null && <Difference facts={facts} baseline={baseline} candidate={candidate} />}
    </Table>
  );
}

/** The candidate's usage, relative to the baseline's. */
function Difference({ facts, baseline, candidate }: { facts: Fact[]; baseline: Run; candidate: Run }) {
  const said = facts.map(({ measured }) => relative(measured?.(baseline) ?? null, measured?.(candidate) ?? null));
  if (said.every((text) => text === '')) return null;
  return (
    <tr class="difference">
      <th scope="row">Difference</th>
      {facts.map(({ name }, at) => (
        <td class="number" key={name} title="The candidate, compared with the baseline.">
          {said[at]}
        </td>
      ))}
    </tr>
  );
}

function relative(before: number | null, after: number | null): string {
  if (before === null || after === null || before === 0) return '';
  const part = after / before - 1;
  return Math.abs(part) < 0.0005 ? '0%' : (part > 0 ? '+' : '−') + percent(Math.abs(part));
}

function commit(run: Run): string {
  if (run.commit === null) return '';
  return run.commit.slice(0, 10) + (run.branch === null ? '' : ` (${run.branch})`);
}

function errors(run: Run): string {
  if (run.errored === null) return '';
  return run.errored === 0 ? '0' : `${count(run.errored)} (${percent(run.errored / run.cases)})`;
}

function tokens(run: Run): string {
  return run.tokensIn === null && run.tokensOut === null
    ? '–'
    : `${count(run.tokensIn)} in, ${count(run.tokensOut)} out`;
}

function Items({ items, most, what }: { items: string[]; most: number; what: string }) {
  const list = (some: string[]) => (
    <ul>
      {some.map((item) => (
        <li key={item}>{visible(item)}</li>
      ))}
    </ul>
  );
  return <Cut items={items} most={most} what={what} draw={list} />;
}

function Notes({ title, notes }: { title: string; notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <aside class="notes">
      <h2>{title}</h2>
      <Items items={notes} most={6} what="notes" />
    </aside>
  );
}
