/** Exports the matching rows, as CSV for a spreadsheet or as JSON lines. */

import type { Body, Head } from './data/format.ts';
import type { RowView } from './data/source.ts';
import { plain } from './table/predicates.ts';

export function csvHead(head: Head): string {
  const sides = head.baseline === null ? ['candidate'] : ['baseline', 'candidate'];
  const scores = head.scorers.flatMap(({ name }) =>
    sides.map((side) => (sides.length === 1 ? name : `${name} (${side})`)),
  );
  const outputs = sides.map((side) => (sides.length === 1 ? 'output' : `output (${side})`));
  return csvLine(['case', ...scores, 'latency_ms', 'tokens', 'cost_usd', 'error', 'input', 'expected', ...outputs]);
}

export function csvRow(head: Head, view: RowView, body: Body | null): string {
  const sides = head.baseline === null ? [view.candidate] : [view.baseline, view.candidate];
  const scores = head.scorers.flatMap((_, at) => sides.map((side) => side?.scores[at] ?? null));
  const outputs = head.baseline === null ? [body?.candidate] : [body?.baseline, body?.candidate];
  const { latencyMs, tokens, costUsd } = view.candidate;
  return csvLine([
    view.label,
    ...scores,
    latencyMs,
    tokens,
    costUsd,
    body?.candidate[0]?.error,
    body?.input,
    body?.expected,
    ...outputs.map((trials) => trials?.[0]?.output),
  ]);
}

export function jsonLine(view: RowView, body: Body | null): string {
  return `${JSON.stringify({ case: view.label, ...body })}\n`;
}

/** A text that a spreadsheet would interpret as a formula gets an apostrophe, which spreadsheets hide. */
function csvLine(cells: unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = plain(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Offers a file that was made in the browser. */
export function offer(parts: string[], type: string, name: string) {
  const link = Object.assign(document.createElement('a'), {
    href: URL.createObjectURL(new Blob(parts, { type })),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
