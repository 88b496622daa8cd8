/** The runs of a store, newest first, to open one or compare two. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import { HeatMap } from '../charts/heat-map.tsx';
import { HistoryChart } from '../charts/history.tsx';
import type { ListedRun, RunFigures, SuiteName } from '../data/format.ts';
import type { Runs, Source } from '../data/source.ts';
import { count, decimals, delta, dollars, interval, milliseconds, percent, score, time } from '../numbers.ts';
import { useLate } from './late.ts';
import { type Heading, Table } from './table.tsx';
import { visible } from './text.tsx';

interface Props {
  runs: Runs;
  onChange: Source['onChange'];
  onOpen: (candidate: string, baseline: string | null) => void;
}

export function RunList({ runs, onChange, onOpen }: Props) {
  const [search, setSearch] = useState('');
  const [suite, setSuite] = useState('');
  const [picked, pick] = usePicked();
  const { listed, more, again, failure } = useListed(runs, onChange, search, suite);
  const figures = useFigures(runs, listed);
  const suites = useSuites(runs, listed.at);
  const scorers = scorersOf(figures, listed);
  const digits = scorers.map((name) => digitsOf(figures, name));
  const makeBaseline = (run: ListedRun) => runs.setBaseline(run.suiteId, run.id).then(again);
  return (
    <>
      <header>
        <h1>Runs</h1>
      </header>
      <div class="search">
        <Search text={search} onInput={setSearch} />
        <SuiteChoice suites={suites} suite={suite} onChoose={setSuite} />
      </div>
      <Picked picked={picked} onOpen={onOpen} />
      {failure !== null && <Failure text={failure} />}
      {listed.at > 0 && listed.runs.length === 0 && failure === null && <NoRun isAny={search + suite === ''} />}
      <Table label="Table of runs" kind="run-list" headings={headings(scorers)}>
        {listed.runs.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            suite={suites.find(({ id }) => id === run.suiteId)?.name ?? ''}
            isPicked={picked.some(({ id }) => id === run.id)}
            onPick={() => pick(run)}
            onBaseline={runs.canWrite() ? () => makeBaseline(run) : null}
            scorers={scorers}
            digits={digits}
            listed={listed}
            figures={figures}
            onOpen={onOpen}
          />
        ))}
      </Table>
      {more !== null && <OlderRuns onClick={more} />}
      {(suite !== '' || suites.length === 1) && (
        <Trends listed={listed} figures={figures} scorers={scorers} onOpen={(run) => onOpen(run, null)} />
      )}
    </>
  );
}

/** The runs to be compared, and a function that picks one, or no longer. A third one replaces the first. */
function usePicked(): [ListedRun[], (run: ListedRun) => void] {
  const [picked, setPicked] = useState<ListedRun[]>([]);
  const pick = (run: ListedRun) =>
    setPicked((before) =>
      before.some(({ id }) => id === run.id) ? before.filter(({ id }) => id !== run.id) : [...before, run].slice(-2),
    );
  return [picked, pick];
}

function Search({ text, onInput }: { text: string; onInput: (text: string) => void }) {
  return (
    <>
      <label for="search">Search</label>
      <input
        id="search"
        type="search"
        value={text}
        placeholder="name, label, model, checkpoint or id"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </>
  );
}

function Failure({ text }: { text: string }) {
  return (
    <p role="alert" class="failure">
      {text}
    </p>
  );
}

function OlderRuns({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      Older runs
    </button>
  );
}

function NoRun({ isAny }: { isAny: boolean }) {
  return (
    <p class="missing">
      {isAny ? 'There are no runs yet. A run appears here as soon as it is created.' : 'No run fits the search.'}
    </p>
  );
}

interface TrendsProps {
  listed: Listed;
  figures: Map<string, RunFigures | null>;
  scorers: string[];
  onOpen: (run: string) => void;
}

/** The mean scores of the listed runs over time. */
function Trends(props: TrendsProps) {
  const points = props.listed.runs
    .filter(({ status }) => status === 'completed')
    .map(({ id: runId, name, model, startedAt }) => {
      return { runId, name, model, startedAt, decision: null, means: props.figures.get(runId)?.means ?? {} };
    })
    .reverse();
  return (
    <section aria-label="Trends">
      <HeatMap points={points} lowerIsBetter={props.listed.lowerIsBetter} onOpen={props.onOpen} />
      <div class="figures">
        {props.scorers.map((name) => (
          <HistoryChart key={name} name={name} points={points} />
        ))}
      </div>
    </section>
  );
}

/** Two runs to be compared: the one that started first is the baseline. */
function Picked({ picked, onOpen }: { picked: ListedRun[]; onOpen: Props['onOpen'] }) {
  const [before, after] = [...picked].sort((a, b) => a.startedAt - b.startedAt);
  return (
    <p class="pick" role="status">
      {picked.length < 2 && (
        <small>
          {picked.length === 0
            ? 'Tick two runs to compare them. Differences are from the baseline, intervals cover 95%.'
            : 'Tick a second run to compare.'}
        </small>
      )}
      {picked.length === 2 && (
        <button type="button" class="main" onClick={() => onOpen(after.id, before.id)}>
          {`Compare ${visible(after.name)} with ${visible(before.name)}`}
        </button>
      )}
    </p>
  );
}

/** Number of scorers with a column of their own. */
const MOST_SCORERS = 5;

/** The most frequent scorers of the listed runs, and of these, those first that the newest run lost most on. */
function scorersOf(figures: Map<string, RunFigures | null>, { runs, baselines, lowerIsBetter }: Listed): string[] {
  const frequency = new Map<string, number>();
  for (const known of figures.values()) {
    const names = Object.keys(known?.means ?? {}).filter((name) => !name.startsWith('human:'));
    for (const name of names) frequency.set(name, (frequency.get(name) ?? 0) + 1);
  }
  const names = [...frequency].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)).map(([name]) => name);
  const [newest] = runs;
  const sides = newest === undefined ? [] : [baselines[newest.suiteId], newest.id];
  const gain = (name: string) => {
    const [before, after] = sides.map((id) => ownMean(figures.get(id ?? ''), name)?.mean);
    const difference = (after ?? 0) - (before ?? after ?? 0);
    return lowerIsBetter.includes(name) ? -difference : difference;
  };
  return names.slice(0, MOST_SCORERS).sort((one, other) => gain(one) - gain(other));
}

/** The columns, and whether they contain numbers. */
const COLUMNS: Heading[] = [
  ['Attempts', 'The attempts at its cases.', true],
  ['Errors', 'Attempts that ended in an error.', true],
  [
    'Passed',
    'Of the attempts with a score, those that meet the thresholds of the suite; without thresholds, those whose lowest score is at least 0.5.',
    true,
  ],
];
const MEASURED: Heading[] = [
  ['Latency', 'The mean of the attempts whose latency was saved.', true],
  ['Cost', 'The sum over the attempts whose cost was saved.', true],
  ['Took', 'From the start of the run to its end.', true],
  ['Model', 'The model of the run.'],
  ['Commit', 'The commit that was evaluated.'],
  ['Started (UTC)', 'When the run started.'],
];

function headings(scorers: string[]): Heading[] {
  const means = scorers.map(
    (name): Heading => [
      visible(name),
      'Mean score, and its difference from the mean of the baseline; below, the 95% interval.',
      true,
    ],
  );
  return [[<span class="hidden">Compare</span>], ['Run'], ...means, ...COLUMNS, ...MEASURED];
}

interface RowProps {
  run: ListedRun;
  scorers: string[];
  /** The decimals of each scorer. */
  digits: number[];
  listed: Listed;
  suite: string;
  /** Those of a run are absent until they are loaded. */
  figures: Map<string, RunFigures | null>;
  isPicked: boolean;
  onOpen: Props['onOpen'];
  onPick: () => void;
  onBaseline: (() => void) | null;
}

function RunRow(props: RowProps) {
  const { run, scorers, digits, listed, suite, figures: all, isPicked, onOpen, onPick, onBaseline } = props;
  const baseline = listed.baselines[run.suiteId] ?? null;
  const other = baseline === run.id ? null : baseline;
  const [figures, ofBaseline] = [all.get(run.id), other === null ? undefined : all.get(other)];
  const judged = (figures?.passed ?? 0) + (figures?.failed ?? 0);
  return (
    <tr class={isPicked ? 'chosen' : ''}>
      <td>
        <input type="checkbox" checked={isPicked} onChange={onPick} aria-label={`Compare ${visible(run.name)}`} />
      </td>
      <RunName
        run={run}
        status={statusOf(run, figures)}
        suite={suite}
        isBaseline={baseline === run.id}
        onOpen={() => onOpen(run.id, other)}
        onBaseline={onBaseline}
      />
      {scorers.map((name, at) => (
        <td class="number" key={name}>
          <Mean
            one={ownMean(figures, name)}
            before={ownMean(ofBaseline, name)?.mean ?? null}
            digits={digits[at]}
            isLower={listed.lowerIsBetter.includes(name)}
          />
        </td>
      ))}
      <td class="number">{count(figures?.cases ?? null)}</td>
      <td class={figures?.errored ? 'number bad' : 'number'}>{count(figures?.errored ?? null)}</td>
      <td class="number">{percent(judged === 0 ? null : (figures?.passed ?? 0) / judged)}</td>
      <td class="number">{milliseconds(figures?.latencyMs ?? null)}</td>
      <td class="number">{dollars(figures?.costUsd ?? null)}</td>
      <td class="number">{milliseconds(run.finishedAt === null ? null : run.finishedAt - run.startedAt)}</td>
      <td>{visible(run.model)}</td>
      <td title={visible(run.branch ?? '')}>{visible(run.commit?.slice(0, 7) ?? '–')}</td>
      <td>{time(run.startedAt).slice(0, 16)}</td>
    </tr>
  );
}

interface NameProps {
  run: ListedRun;
  status: string;
  suite: string;
  isBaseline: boolean;
  onOpen: () => void;
  onBaseline: (() => void) | null;
}

function RunName({ run, status, suite, isBaseline, onOpen, onBaseline }: NameProps) {
  return (
    <th scope="row">
      <button type="button" class="case" onClick={onOpen}>
        {visible(run.name)}
      </button>
      {isBaseline && <span class="mark baseline">baseline</span>}
      <small>
        <span
          class={`status ${run.status}`}
          title="running, completed or failed; for a running run, the time since its last write."
        >
          {status}
        </span>
        {['', suite, ...run.tags].map(visible).join(' · ')}
      </small>
      {onBaseline !== null && !isBaseline && run.status === 'completed' && (
        <button type="button" class="quiet" onClick={onBaseline}>
          Make baseline
        </button>
      )}
    </th>
  );
}

/** A scorer may be called `constructor`. */
function ownMean(figures: RunFigures | null | undefined, name: string): RunFigures['means'][string] | undefined {
  return figures && Object.hasOwn(figures.means, name) ? figures.means[name] : undefined;
}

/** The means of a column have as many decimals as each other. */
function digitsOf(figures: Map<string, RunFigures | null>, name: string): number {
  return decimals([...figures.values()].map((one) => ownMean(one, name)?.mean ?? null));
}

interface MeanProps {
  one: RunFigures['means'][string] | undefined;
  before: number | null;
  digits: number;
  /** Whether lower scores are better. */
  isLower: boolean;
}

function Mean({ one, before, digits, isLower }: MeanProps) {
  if (one === undefined) return <>–</>;
  // Rounding errors are not a difference.
  const difference = before === null ? null : Math.round((one.mean - before) * 1e9) / 1e9;
  // Within the interval, a difference is no news.
  const [low, high] = one.interval ?? [one.mean, one.mean];
  const isNoise = before !== null && before >= low && before <= high;
  return (
    <span title={`Mean of ${count(one.n)} cases; 95% interval ${interval(one.interval)}`}>
      {score(one.mean, digits)}
      {difference !== null && (
        <span class={isNoise || difference === 0 ? 'quiet' : difference > 0 === isLower ? 'bad' : 'good'}>
          {' '}
          {delta(difference, Number(difference.toFixed(digits)) === 0 ? undefined : digits)}
        </span>
      )}
      <small>{`${interval(one.interval, score, digits)}, n ${count(one.n)}`}</small>
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
  lowerIsBetter: string[];
  /** Counts the refreshes of the list, on which other data depends. */
  at: number;
}

const NOTHING: Listed = { runs: [], cursor: null, baselines: {}, lowerIsBetter: [], at: 0 };

/** The matching runs, refreshed after each write; older ones are loaded on demand. */
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
    ...part,
    runs: [...before.runs, ...part.runs],
    baselines: { ...before.baselines, ...part.baselines },
    at,
  };
}

/** Loads the figures of the runs one after the other; the rows are shown before. */
function useFigures(runs: Runs, { runs: listed, baselines, at }: Listed): Map<string, RunFigures | null> {
  const [figures, setFigures] = useState(new Map<string, RunFigures | null>());
  useEffect(() => {
    let isCurrent = true;
    const fill = async () => {
      // Deltas need the figures of a baseline even if it is too old to be listed.
      const ids = [...listed.map(({ id }) => id), ...Object.values(baselines).filter((id) => id !== null)];
      for (const id of new Set(ids)) {
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
  return useLate(() => runs.suites(), [runs, at]) ?? [];
}

function statusOf(run: ListedRun, figures: RunFigures | null | undefined): string {
  const heartbeat = figures?.heartbeatAt ?? null;
  if (run.status !== 'running' || heartbeat === null) return run.status;
  return `running, wrote ${milliseconds(Math.max(0, Date.now() - heartbeat))} ago`;
}
