/** The runs of a store, newest first: what to look at, and what to compare it with. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ListedRun, RunFigures, SuiteName } from '../data/format.ts';
import type { Runs, Source } from '../data/source.ts';
import { count, delta, dollars, interval, milliseconds, percent, score, time } from '../numbers.ts';
import { visible } from './text.tsx';

interface Props {
  runs: Runs;
  onChange: Source['onChange'];
  onOpen: (candidate: string, baseline: string | null) => void;
}

export function RunList({ runs, onChange, onOpen }: Props) {
  const [search, setSearch] = useState('');
  const [suite, setSuite] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  const { listed, more, again, failure } = useListed(runs, onChange, search, suite);
  const figures = useFigures(runs, listed.runs, listed.at);
  const suites = useSuites(runs, listed.at);
  const makeBaseline = (run: ListedRun) => runs.setBaseline(run.suiteId, run.id).then(again);
  return (
    <>
      <header>
        <h1>Runs</h1>
      </header>
      <div class="search">
        <label for="search">Search</label>
        <input
          id="search"
          type="search"
          value={search}
          placeholder="name, label, model, checkpoint or id"
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <SuiteChoice suites={suites} suite={suite} onChoose={setSuite} />
      </div>
      <p class="pick" role="status">
        {picked === null ? '' : 'Now open the run to compare with the one picked.'}
      </p>
      {failure !== null && (
        <p role="alert" class="failure">
          {failure}
        </p>
      )}
      {listed.runs.length === 0 && failure === null && <p class="missing">There is no such run here.</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of runs">
        <table class="run-list">
          <Head />
          <tbody>
            {listed.runs.map((run) => {
              const baseline = listed.baselines[run.suiteId] ?? null;
              return (
                <RunRow
                  key={run.id}
                  run={run}
                  suite={suites.find(({ id }) => id === run.suiteId)?.name ?? ''}
                  figures={figures.get(run.id)}
                  ofBaseline={baseline === null || baseline === run.id ? undefined : figures.get(baseline)}
                  isBaseline={baseline === run.id}
                  isPicked={picked === run.id}
                  onOpen={() => onOpen(run.id, picked === run.id || picked === null ? other(baseline, run.id) : picked)}
                  onPick={() => setPicked(picked === run.id ? null : run.id)}
                  onBaseline={runs.canWrite() ? () => makeBaseline(run) : null}
                />
              );
            })}
          </tbody>
        </table>
      </div>
      {more !== null && (
        <button type="button" onClick={more}>
          Older runs
        </button>
      )}
    </>
  );
}

/** The columns, and whether they hold numbers. */
const COLUMNS: [name: string, meaning: string, isNumber?: true][] = [
  ['Suite', 'The suite of the run.'],
  ['Model', 'The model of the run.'],
  ['Status', 'running, completed or failed; of a run that is running, how long ago it wrote.'],
  ['Cases', 'Cases, each trial counted.', true],
  ['Errors', 'Cases that ended in an error.', true],
  ['Passed', 'Of the cases with a score, those whose lowest score is at least 0.5.', true],
  ['Means', 'Mean score of each scorer, with its difference from the mean of the baseline.'],
  ['Latency', 'The mean of the cases whose latency was saved.', true],
  ['Cost', 'The sum over the cases whose cost was saved.', true],
  ['Took', 'From the start of the run to its end.', true],
  ['Commit', 'The commit that was evaluated.'],
  ['Started', 'When the run began.'],
];

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">Run</th>
        <th scope="col">
          <span class="hidden">Compare</span>
        </th>
        {COLUMNS.map(([name, meaning, isNumber]) => (
          <th scope="col" key={name} title={meaning} class={isNumber ? 'number' : ''}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps {
  run: ListedRun;
  suite: string;
  /** `undefined` until they are known. */
  figures: RunFigures | null | undefined;
  ofBaseline: RunFigures | null | undefined;
  isBaseline: boolean;
  isPicked: boolean;
  onOpen: () => void;
  onPick: () => void;
  onBaseline: (() => void) | null;
}

function RunRow(props: RowProps) {
  const { run, suite, figures, ofBaseline, isBaseline, isPicked, onOpen, onPick, onBaseline } = props;
  const judged = (figures?.passed ?? 0) + (figures?.failed ?? 0);
  return (
    <tr class={isPicked ? 'chosen' : ''}>
      <th scope="row">
        <button type="button" class="case" onClick={onOpen} title={`Open the run ${visible(run.id)}`}>
          {visible(run.name)}
        </button>
        {isBaseline && <small title="Other runs of the suite are compared with this one."> baseline</small>}
      </th>
      <td>
        <button type="button" aria-pressed={isPicked} onClick={onPick}>
          {isPicked ? 'Picked' : 'Compare with…'}
        </button>
        {onBaseline !== null && !isBaseline && run.status === 'completed' && (
          <button type="button" class="quiet" onClick={onBaseline}>
            Make baseline
          </button>
        )}
      </td>
      <td>{visible(suite)}</td>
      <td>{visible(run.model)}</td>
      <td>{statusOf(run, figures)}</td>
      <td class="number">{count(figures?.cases ?? null)}</td>
      <td class={figures?.errored ? 'number bad' : 'number'}>{count(figures?.errored ?? null)}</td>
      <td class="number">{percent(judged === 0 ? null : (figures?.passed ?? 0) / judged)}</td>
      <td class="means">
        {Object.entries(figures?.means ?? {}).map(([name, one]) => (
          <Mean key={name} name={name} one={one} before={ofBaseline?.means[name]?.mean ?? null} />
        ))}
      </td>
      <td class="number">{milliseconds(figures?.latencyMs ?? null)}</td>
      <td class="number">{dollars(figures?.costUsd ?? null)}</td>
      <td class="number">{milliseconds(run.finishedAt === null ? null : run.finishedAt - run.startedAt)}</td>
      <td>{visible(run.commit?.slice(0, 10) ?? '–')}</td>
      <td>{time(run.startedAt)}</td>
    </tr>
  );
}

function Mean({ name, one, before }: { name: string; one: RunFigures['means'][string]; before: number | null }) {
  // What adding up leaves is no difference.
  const difference = before === null ? null : Math.round((one.mean - before) * 1e9) / 1e9;
  const text = `Mean of ${count(one.n)} cases; 95% interval ${interval(one.interval)}`;
  return (
    <span class="mean" title={text}>
      {visible(name)} {score(one.mean)}
      {difference !== null && <small title="Less the mean of the baseline"> {delta(difference)}</small>}
    </span>
  );
}

function SuiteChoice(props: { suites: SuiteName[]; suite: string; onChoose: (suite: string) => void }) {
  const { suites, suite, onChoose } = props;
  if (suites.length < 2) return null;
  return (
    <label>
      Suite{' '}
      <select value={suite} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">All</option>
        {suites.map(({ id, name }) => (
          <option key={id} value={id}>
            {visible(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface Listed {
  runs: ListedRun[];
  cursor: string | null;
  baselines: Record<string, string | null>;
  /** Counts the times that the list was read, for what follows from it. */
  at: number;
}

const NOTHING: Listed = { runs: [], cursor: null, baselines: {}, at: 0 };

/** The runs that fit, read again whenever something was written; older ones on demand. */
function useListed(runs: Runs, onChange: Source['onChange'], search: string, suite: string) {
  const [listed, setListed] = useState(NOTHING);
  const [failure, setFailure] = useState<string | null>(null);
  const read = useCallback(
    async (cursor: string | null) => {
      try {
        const part = await runs.list(search, suite, cursor);
        setListed((before) => joined(before, part, cursor));
        setFailure(null);
      } catch (error) {
        setFailure((error as Error).message);
      }
    },
    [runs, search, suite],
  );
  const again = useCallback(() => read(null), [read]);
  useEffect(() => {
    again();
    return onChange(again);
  }, [again, onChange]);
  const { cursor } = listed;
  return { listed, failure, again, more: cursor === null ? null : () => read(cursor) };
}

function joined(before: Listed, part: Omit<Listed, 'at'>, cursor: string | null): Listed {
  const at = before.at + 1;
  if (cursor === null) return { ...part, at };
  return {
    runs: [...before.runs, ...part.runs],
    cursor: part.cursor,
    baselines: { ...before.baselines, ...part.baselines },
    at,
  };
}

/** The figures of the runs, asked for one after the other: the rows are there before. */
function useFigures(runs: Runs, listed: ListedRun[], at: number): Map<string, RunFigures | null> {
  const [figures, setFigures] = useState(new Map<string, RunFigures | null>());
  useEffect(() => {
    let isCurrent = true;
    const fill = async () => {
      for (const { id } of listed) {
        const found = await runs.figures(id).catch(() => null);
        if (!isCurrent) return;
        setFigures((before) => new Map(before).set(id, found));
      }
    };
    fill();
    return () => {
      isCurrent = false;
    };
  }, [runs, at]);
  return figures;
}

function useSuites(runs: Runs, at: number): SuiteName[] {
  const [suites, setSuites] = useState<SuiteName[]>([]);
  useEffect(() => {
    runs.suites().then(setSuites, () => {});
  }, [runs, at]);
  return suites;
}

const other = (baseline: string | null, run: string) => (baseline === run ? null : baseline);

function statusOf(run: ListedRun, figures: RunFigures | null | undefined): string {
  const heartbeat = figures?.heartbeatAt ?? null;
  if (run.status !== 'running' || heartbeat === null) return run.status;
  return `running, wrote ${milliseconds(Math.max(0, Date.now() - heartbeat))} ago`;
}
