/** Filters that the reader saves in this browser. A page from a file may have no storage; then they are not saved. */

const KEY = 'runstore filters';
const MOST = 12;

export function ownPresets(): string[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(known) ? known.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberPreset(query: string): string[] {
  return keep([query, ...ownPresets().filter((one) => one !== query)].slice(0, MOST));
}

export function forgetPreset(query: string): string[] {
  return keep(ownPresets().filter((one) => one !== query));
}

function keep(presets: string[]): string[] {
  try {
    localStorage.setItem(KEY, JSON.stringify(presets));
  } catch {
    // Private windows and files may refuse storage; the filter still works.
  }
  return presets;
}
