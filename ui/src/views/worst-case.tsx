/** The first case to open: the one with the largest loss; without a loss, as on a page of one run, the first failure. */

import type { Body } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import type { Change } from '../state.ts';
import { CaseBody } from './case-body.tsx';
import { useLate } from './late.ts';
import { visible } from './text.tsx';

export function WorstCase({ page, change }: { page: Page; change: Change }) {
  const worst = useLate(() => read(page), [page]);
  if (worst === null) return null;
  const { isRegression } = worst;
  return (
    <section class="worst" aria-label="The case to look at first">
      <h2>
        {isRegression ? 'The worst regression' : 'The first case that failed'}: {visible(worst.view.label)}
      </h2>
      <CaseBody head={page.head} annotate={page.annotate} view={worst.view} body={worst.body} />
      <p>
        <button type="button" onClick={() => change({ ...choiceOf(isRegression), row: worst.view.row })}>
          {isRegression ? 'Go through all regressions' : 'Go through all failures'}
        </button>
      </p>
    </section>
  );
}

function choiceOf(isRegression: boolean) {
  const order = { by: isRegression ? 'regression' : 'case', descending: false };
  return { query: isRegression ? 'is:regressed' : 'is:failed', order };
}

interface Worst {
  view: RowView;
  body: Body | null;
  isRegression: boolean;
}

async function read(page: Page): Promise<Worst | null> {
  const first = async (isRegression: boolean): Promise<Worst | null> => {
    const { query, order } = choiceOf(isRegression);
    const chosen = await page.select(query, order, () => {}, new AbortController().signal);
    const [view] = await chosen.window(0, 1);
    return view === undefined ? null : { view, body: await page.body(view.row), isRegression };
  };
  return (page.head.baseline === null ? null : await first(true)) ?? first(false);
}
