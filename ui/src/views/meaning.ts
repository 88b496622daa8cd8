/** What figures mean. The help explains them, and their titles say the same: each text is in the document only. */

const MEANINGS = new Map<string, string>();

/** Returns the explanation of a figure, by its name in the help. */
export function meaning(name: string): string | undefined {
  if (MEANINGS.size === 0) {
    for (const term of document.querySelectorAll('#figures dt')) {
      MEANINGS.set(term.textContent, term.nextElementSibling?.textContent ?? '');
    }
  }
  return MEANINGS.get(name);
}
