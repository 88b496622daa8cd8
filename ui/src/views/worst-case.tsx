/** The first case to open: the one with the largest loss; on a page of one run, the first failure. */

import type { Body } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import type { Change } from '../state.ts';
import { CaseBody } from './case-body.tsx';
import { useLate } from './late.ts';
import { visible } from './text.tsx';

export function WorstCase({ page, change }: { page: Page; change: Change }) {
  const worst = useLate(() => read(page), [page]);
  if (worst === null) return null;
  const isPair = page.head.baseline !== null;
  return (
    <section class="worst" aria-label="The case to look at first">
      <h2>
        {isPair ? 'The worst regression' : 'The first case that failed'}: {visible(worst.view.label)}
      </h2>
      <CaseBody head={page.head} annotate={page.annotate} view={worst.view} body={worst.body} />
      <p>
        <button
          type="button"
          onClick={() =>
            change({ query: isPair ? 'is:regressed' : 'is:failed', order: orderOf(isPair), row: worst.view.row })
          }
        >
          {isPair ? 'Go through all regressions' : 'Go through all failures'}
        </button>
      </p>
    </section>
  );
}

function orderOf(isPair: boolean) {
  return { by: isPair ? 'regression' : 'case', descending: false };
}

async function read(page: Page): Promise<{ view: RowView; body: Body | null } | null> {
  const isPair = page.head.baseline !== null;
  const chosen = await page.select(
    isPair ? 'is:regressed' : 'is:failed',
    orderOf(isPair),
    () => {},
    new AbortController().signal,
  );
  const [view] = await chosen.window(0, 1);
  return view === undefined ? null : { view, body: await page.body(view.row) };
}
