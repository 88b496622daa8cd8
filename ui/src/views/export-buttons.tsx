import { useState } from 'preact/hooks';
import type { Body } from '../data/format.ts';
import type { Page, RowView, Selection } from '../data/source.ts';
import { csvHead, csvRow, jsonLine, offer } from '../export.ts';

/** Creates a file of the matching cases in the browser. */
export function ExportButtons({ page, selection }: { page: Page; selection: Selection | null }) {
  const [isBusy, setBusy] = useState(false);
  const save = async (kind: 'csv' | 'jsonl') => {
    if (selection === null) return;
    setBusy(true);
    try {
      const line = (view: RowView, body: Body | null) =>
        kind === 'csv' ? csvRow(page.head, view, body) : jsonLine(view, body);
      // The byte order mark tells Excel that the text is UTF-8.
      const parts = kind === 'csv' ? ['\ufeff', csvHead(page.head)] : [];
      for await (const { view, body } of selection.each()) parts.push(line(view, body));
      offer(parts, kind === 'csv' ? 'text/csv' : 'application/x-ndjson', `${page.head.candidate.id}.${kind}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="export" role="group" aria-label="Export the cases shown">
      {(['csv', 'jsonl'] as const).map((kind) => (
        <button type="button" key={kind} disabled={isBusy || selection === null} onClick={() => save(kind)}>
          {kind.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
