/** The agreement of the scorers with people, which shows whether to trust a judge. The core computes the figures. */

import type { Agreement, Estimated, Head } from '../data/format.ts';
import { count, delta, interval, percent, score } from '../numbers.ts';
import type { Change } from '../state.ts';
import { quoted } from '../table/query.ts';
import { meaning } from './meaning.ts';
import { visible } from './text.tsx';

type Figure = [name: string, of: (agreement: Agreement) => Estimated | null, write: (value: number) => string];

const FIGURES: Figure[] = [
  ['Same verdict', ({ agreement }) => agreement, percent],
  ['Cohen’s kappa', ({ kappa }) => kappa, score],
  // For categories, kappa is shown instead.
  ['Krippendorff’s alpha', ({ alpha, kappa }) => (kappa === null ? alpha : null), score],
  ['Bias', ({ bias }) => bias, delta],
];

export function AgreementWithPeople({ head, change }: { head: Head; change: Change }) {
  if (head.agreement.length === 0) return null;
  return (
    <section class="agreement" aria-label="Agreement with people">
      <h2>Do the scorers agree with people?</h2>
      <div class="columns">
        {head.agreement.map((one) => (
          <Pair key={`${one.human} ${one.judge}`} of={one} change={change} />
        ))}
      </div>
    </section>
  );
}

const person = (scorer: string) => visible(scorer.replace(/^human:/, ''));

function Pair({ of, change }: { of: Agreement; change: Change }) {
  const figures = FIGURES.filter(([, figure]) => figure(of) !== null);
  return (
    <article class="card">
      <h3>
        {person(of.judge)} <small>and</small> {person(of.human)}
        <small title={`${count(of.onlyHuman)} by the person only, ${count(of.onlyJudge)} by the scorer only`}>
          {` on ${count(of.n)} ${of.n === 1 ? 'attempt' : 'attempts'}`}
        </small>
      </h3>
      <div class="beside">
        <dl>
          {figures.map(([name, figure, write]) => (
            <div key={name} title={`${meaning(name)} An interval of the level ${percent(of.level)}.`}>
              <dt>{name}</dt>
              <dd>
                <Estimate value={figure(of)} write={write} />
              </dd>
            </div>
          ))}
          {of.threshold !== null && (
            <div>
              <dt>Passes from</dt>
              <dd title={meaning('Passes from')}>{score(of.threshold)}</dd>
            </div>
          )}
        </dl>
        {of.confusion !== null && <Confusion of={of} {...of.confusion} change={change} />}
      </div>
    </article>
  );
}

function Estimate({ value, write }: { value: Estimated | null; write: (value: number) => string }) {
  if (value === null) return <>–</>;
  const [estimate, low, high] = [value.estimate, value.low, value.high].map((one) => Math.round(one * 1e6) / 1e6);
  return (
    <>
      <b>{write(estimate)}</b> <small>{interval([low, high], write)}</small>
    </>
  );
}

interface ConfusionProps {
  of: Agreement;
  categories: number[];
  counts: number[][];
  change: Change;
}

/** The person's scores in rows, the scorer's in columns. A click on a number shows its cases. */
function Confusion({ of, categories, counts, change }: ConfusionProps) {
  const isVerdict = categories.every((value) => value === 0 || value === 1);
  const word = (value: number) => (isVerdict ? ['fail', 'pass'][value] : score(value));
  return (
    <table class="confusion">
      <caption>{`${person(of.human)} down, ${person(of.judge)} across`}</caption>
      <thead>
        <tr>
          <td />
          {categories.map((judge) => (
            <th scope="col" key={judge}>
              {word(judge)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {categories.map((human, row) => (
          <tr key={human}>
            <th scope="row">{word(human)}</th>
            {categories.map((judge, column) => (
              <td key={judge} class={row === column ? 'same' : 'other'}>
                <button
                  type="button"
                  title={`${person(of.human)} says ${word(human)}, ${person(of.judge)} ${word(judge)}: show these cases`}
                  onClick={() =>
                    change({ query: `${holds(of, of.human, human)} ${holds(of, of.judge, judge)}`, row: null })
                  }
                >
                  {count(counts[row][column])}
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function holds(of: Agreement, scorer: string, value: number): string {
  const name = quoted(scorer);
  return of.threshold === null ? `${name}=${value}` : `${name}${value === 1 ? '>=' : '<'}${of.threshold}`;
}
