/** One open case: input, outputs, scores, and the differences between the runs. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Body, Head, Trial, TrialScore, Turn } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import { delta, dollars, milliseconds, score, time } from '../numbers.ts';
import { inOrder } from '../table/deciding.ts';
import { plain } from '../table/predicates.ts';
import { Cut } from './cut.tsx';
import { Difference, Remark, Text, Value, visible } from './text.tsx';

/** Number of scores that are shown at first. */
const MOST_SCORES = 12;

interface Props {
  page: Page;
  view: RowView;
  body: Body | null;
}

export function CaseBody({ page, view, body }: Props) {
  if (body !== null) return <WholeCase page={page} view={view} body={body} />;
  return (
    <div class="case-body">
      <ScoreLine head={page.head} view={view} />
      <p class="missing">The texts of this case were left out.</p>
    </div>
  );
}

function WholeCase({ page: { head, judge }, view, body }: Props & { body: Body }) {
  const [before, chooseBefore] = useState(() => worstTrial(body.baseline, head));
  const [after, chooseAfter] = useState(() => worstTrial(body.candidate, head));
  const [old, current] = [body.baseline[before], body.candidate[after]];
  const worse = inOrder(head).find((scorer) => (view.gains[head.scorers.indexOf(scorer)] ?? 0) < 0);
  const why = current?.scores.find(({ scorer }) => scorer === worse?.name)?.reason;
  return (
    <div class="case-body">
      <ScoreLine head={head} view={view} />
      {/* Also below, where it may be out of sight. */}
      {why && (
        <div class="why">
          {visible(worse?.name ?? '')}: <Remark text={why} />
        </div>
      )}
      <div class="sides">
        <Part title="Input">
          <Value value={body.input} />
        </Part>
        {body.expected !== null && (
          <Part title="Expected">
            <Value value={body.expected} />
          </Part>
        )}
      </div>
      {old !== undefined && current !== undefined && <Changes old={old} current={current} />}
      <div class="sides">
        {head.baseline !== null && (
          <TrialView
            title="Baseline"
            trials={body.baseline}
            at={before}
            choose={chooseBefore}
            expected={body.expected}
            head={head}
          />
        )}
        <TrialView
          title={head.baseline === null ? 'Output' : 'Candidate'}
          trials={body.candidate}
          at={after}
          choose={chooseAfter}
          expected={body.expected}
          head={head}
        />
      </div>
      {judge !== null && current !== undefined && (
        <judge.Form key={current.caseId} caseId={current.caseId} annotate={judge.annotate} />
      )}
    </div>
  );
}

/** The trial that shows what is wrong: with an error, otherwise with the worst score of the scorer that decides. */
function worstTrial(trials: Trial[], head: Head): number {
  const [first] = inOrder(head);
  const worth = ({ error, scores }: Trial) => {
    const score = scores.find(({ scorer }) => scorer === first?.name)?.score ?? Number.POSITIVE_INFINITY;
    return error !== null ? Number.NEGATIVE_INFINITY : first?.lowerIsBetter ? -score : score;
  };
  const values = trials.map(worth);
  return Math.max(0, values.indexOf(Math.min(...values)));
}

function ScoreLine({ head, view }: { head: Head; view: RowView }) {
  return (
    <ul class="score-line">
      {inOrder(head)
        .slice(0, MOST_SCORES)
        .map((scorer) => {
          const { name } = scorer;
          const at = head.scorers.indexOf(scorer);
          const [before, after] = [view.baseline?.scores[at] ?? null, view.candidate.scores[at]];
          const gain = view.gains[at];
          // Such as a person, who labels few cases.
          if (before === null && after === null) return null;
          return (
            <li
              key={name}
              class={gain === null || gain === 0 ? '' : gain > 0 ? 'good' : 'bad'}
              title={`The score by ${visible(name)}, over all trials${view.baseline === null ? '' : ': baseline → candidate'}`}
            >
              {visible(name)}: {view.baseline !== null && `${score(before)} → `}
              {score(after)}
              {gain !== null &&
                gain !== 0 &&
                ` (${gain > 0 ? 'better' : 'worse'} by ${delta(Math.abs(gain)).slice(1)})`}
            </li>
          );
        })}
    </ul>
  );
}

function Changes({ old, current }: { old: Trial; current: Trial }) {
  // An error is not another output.
  if (old.output === null || current.output === null) return null;
  const laidOut = [laid(old.output), laid(current.output)];
  const isJson = laidOut.every((text) => text !== null);
  const [before, after] = isJson ? (laidOut as string[]) : [old.output, current.output];
  return (
    <Part title="What changed in the output">
      {before === after ? (
        <p class="missing">
          {old.output === current.output ? 'Nothing: both runs gave the same output.' : 'Only the layout of the JSON.'}
        </p>
      ) : (
        <Difference before={before} after={after} names={['the baseline', 'the candidate']} />
      )}
    </Part>
  );
}

/** Lays out an object or a list in JSON; `null` for other texts, and for those that reading would change, as large numbers. */
export function laid(text: string): string | null {
  try {
    const value = JSON.parse(text);
    const solid = (one: string) => one.replace(/\s/g, '');
    const isKept = typeof value === 'object' && solid(JSON.stringify(value)) === solid(text);
    return isKept ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

function FromExpected({ expected, output }: { expected: string; output: string }) {
  const [isOpen, setOpen] = useState(false);
  if (expected === output) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Output compared with expected</summary>
      {isOpen && <Difference before={expected} after={output} names={['what was expected', 'the output']} />}
    </details>
  );
}

interface TrialProps {
  title: string;
  trials: Trial[];
  at: number;
  choose: (at: number) => void;
  expected: unknown;
  head: Head;
}

function TrialView({ title, trials, at, choose, expected, head }: TrialProps) {
  const trial: Trial | undefined = trials[at];
  if (trial === undefined) {
    return (
      <Part title={title}>
        <p class="missing">This run does not have the case.</p>
      </Part>
    );
  }
  return (
    <Part title={title}>
      {trials.length > 1 && <TrialPicker trials={trials} at={at} choose={choose} />}
      {trial.error !== null && (
        <div class="error">
          <strong>Error</strong>
          <Text text={trial.error} />
        </div>
      )}
      {trial.output !== null && <Text text={trial.output} />}
      {trial.output === null && trial.error === null && <p class="missing">No output was saved.</p>}
      <Scores trial={trial} head={head} />
      <p class="measured" title="What this trial took: latency, tokens read and written by the model, cost">
        {measured(trial)}
      </p>
      {typeof expected === 'string' && trial.output !== null && (
        <FromExpected expected={expected} output={trial.output} />
      )}
      {trial.metadata !== null && (
        <details>
          <summary>Metadata</summary>
          <Value value={trial.metadata} />
        </details>
      )}
      {trial.turns.length > 0 && <Turns turns={trial.turns} />}
    </Part>
  );
}

/** Trials with equal outputs and scores form one choice. */
function TrialPicker({ trials, at, choose }: { trials: Trial[]; at: number; choose: (at: number) => void }) {
  const distinct = new Map<string, number[]>();
  for (const [place, { output, error, scores }] of trials.entries()) {
    const answer = JSON.stringify([output, error, scores.map(({ scorer, score }) => [scorer, score])]);
    distinct.set(answer, [...(distinct.get(answer) ?? []), place]);
  }
  return (
    <div class="trials" role="group" aria-label="Distinct answers of the trials">
      {[...distinct.values()].map((places) => (
        <button type="button" key={places[0]} aria-pressed={places.includes(at)} onClick={() => choose(places[0])}>
          {places.length === 1 ? `Trial ${places[0] + 1}` : `${places.length} trials alike`}
        </button>
      ))}
    </div>
  );
}

function Scores({ trial, head }: { trial: Trial; head: Head }) {
  if (trial.scores.length === 0) return <p class="missing">This case has no score.</p>;
  const names = inOrder(head).map(({ name }) => name);
  const rank = (name: string) => names.indexOf(name);
  const ordered = [...trial.scores].sort((a, b) => rank(a.scorer) - rank(b.scorer));
  const list = (some: TrialScore[]) => (
    <dl class="reasons">
      {some.map((one, at) => (
        <Score key={at} of={one} />
      ))}
    </dl>
  );
  return <Cut items={ordered} most={MOST_SCORES} what="scores" draw={list} />;
}

function Score({ of: { scorer, score: value, reason, answer, earlier } }: { of: TrialScore }) {
  return (
    <div>
      <dt>
        {visible(scorer)} <b>{score(value)}</b>
      </dt>
      <dd>
        {reason !== null && <Remark text={reason} />}
        {earlier?.map(({ score: before, note, at }) => (
          <p class="earlier" key={at}>
            {time(at)}: {score(before)} {note !== null && <Remark text={note} />}
          </p>
        ))}
        {answer !== null && (
          <p class="answer">
            <small>Extracted answer: </small>
            <Remark text={answer} />
          </p>
        )}
      </dd>
    </div>
  );
}

function measured(trial: Trial): string {
  const facts = [
    trial.latencyMs === null ? null : milliseconds(trial.latencyMs),
    trial.tokensIn === null && trial.tokensOut === null
      ? null
      : `${trial.tokensIn ?? '–'} tokens in, ${trial.tokensOut ?? '–'} out`,
    trial.costUsd === null ? null : dollars(trial.costUsd),
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

function Turns({ turns }: { turns: Turn[] }) {
  return (
    <details>
      <summary>{`Trajectory: ${turns.length} turns`}</summary>
      <ol class="turns">
        {turns.map((turn, at) => (
          <li key={at} class={`turn ${turn.role}`}>
            <b>{visible(turn.role)}</b>
            {turn.tokens !== null && <small> {turn.tokens} tokens</small>}
            <Text text={plain(turn.content)} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
