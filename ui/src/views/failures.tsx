/** The groups of failed cases, largest first: each filters the table. */

import type { FailureGroup, Head } from '../data/format.ts';
import { count } from '../numbers.ts';
import type { Change, ViewState } from '../state.ts';
import { failureName } from '../table/predicates.ts';
import { quoted } from '../table/query.ts';
import { Cut } from './cut.tsx';
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
        <OfScorer key={failureName(group)} group={group} head={head} state={state} change={change} />
      ))}
    </div>
  );
  return (
    <section class="failures" aria-label="Failures">
      <h2>{head.baseline === null ? 'What failed' : 'What got worse'}</h2>
      <Cut items={scorers} most={MOST} what="scorers" draw={columns} />
    </section>
  );
}

function OfScorer({ group, head, state, change }: { group: FailureGroup } & Props) {
  const messages = head.failures.filter(({ scorer, message }) => scorer === group.scorer && message !== null);
  const button = (one: FailureGroup) => {
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
        <span class="message">
          {visible(one.title)} {one !== group && <small>{one.note}</small>}
        </span>
        <b>{count(one.count)}</b>
      </button>
    );
  };
  return (
    <div>
      <h3>{button(group)}</h3>
      {messages.length > 0 && (
        <ul>
          {messages.map((one) => (
            <li key={one.message} class={one.all === null ? 'said' : ''}>
              {button(one)}
            </li>
          ))}
          {group.note !== null && <li class="missing">{group.note}</li>}
        </ul>
      )}
    </div>
  );
}
