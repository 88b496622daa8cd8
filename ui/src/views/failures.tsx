/** The groups of failed cases, largest first: each filters the table. */

import type { FailureGroup, Head } from '../data/format.ts';
import { count } from '../numbers.ts';
import type { Change, ViewState } from '../state.ts';
import { failureName } from '../table/predicates.ts';
import { quoted } from '../table/query.ts';
import { visible } from './text.tsx';

/** Scorers whose failures are in sight. */
const MOST = 6;

interface Props {
  head: Head;
  state: ViewState;
  change: Change;
}

export function Failures({ head, state, change }: Props) {
  const scorers = head.failures.filter(({ message }) => message === null);
  if (scorers.length === 0) return null;
  const columns = (some: FailureGroup[]) => (
    <div class="columns">
      {some.map((group) => (
        <OfScorer key={failureName(group)} group={group} all={head.failures} state={state} change={change} />
      ))}
    </div>
  );
  return (
    <section class="failures" aria-label="What failed">
      <h2>{head.baseline === null ? 'What failed' : 'What the cases that got worse have in common'}</h2>
      {columns(scorers.slice(0, MOST))}
      {scorers.length > MOST && (
        <details>
          <summary>{`${scorers.length - MOST} more scorers`}</summary>
          {columns(scorers.slice(MOST))}
        </details>
      )}
    </section>
  );
}

function OfScorer({ group, all, state, change }: { group: FailureGroup; all: FailureGroup[] } & Omit<Props, 'head'>) {
  const messages = all.filter(({ scorer, message }) => scorer === group.scorer && message !== null);
  const others = group.count - messages.reduce((sum, one) => sum + one.count, 0);
  const button = (one: FailureGroup, text: string) => {
    const query = `failure:${quoted(failureName(one))}`;
    const isChosen = state.query === query;
    return (
      <button
        type="button"
        class="group"
        aria-pressed={isChosen}
        title="Show these cases in the table"
        onClick={() => change({ query: isChosen ? '' : query, row: null })}
      >
        <span class="bar" style={{ width: `${(100 * one.count) / group.count}%` }} />
        <span class="message">{visible(text)}</span>
        <b>{count(one.count)}</b>
      </button>
    );
  };
  return (
    <div>
      <h3>{button(group, group.scorer ?? 'Errors')}</h3>
      {messages.length > 0 && (
        <ul>
          {messages.map((one) => (
            <li key={one.message}>{button(one, one.message ?? '')}</li>
          ))}
          {others > 0 && <li class="missing">{`${count(others)} for other reasons, or with none given`}</li>}
        </ul>
      )}
    </div>
  );
}
