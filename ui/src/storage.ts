/** What this browser keeps for its reader. A page from a file may have no storage; then nothing is kept. */

export function stored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`runstore ${key}`) ?? 'null');
  } catch {
    return null;
  }
}

export function store(key: string, value: unknown) {
  try {
    localStorage.setItem(`runstore ${key}`, JSON.stringify(value));
  } catch {
    // Private windows and files may refuse storage; the page works without.
  }
}

/** Returns the stored list without the entries that are of another form. */
export function storedList<T>(key: string, isOne: (value: unknown) => value is T): T[] {
  const known = stored(key);
  return Array.isArray(known) ? known.filter(isOne) : [];
}
