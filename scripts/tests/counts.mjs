// The results of a test program: how many tests passed, failed and were skipped, and in how many milliseconds.

export const none = { passed: 0, failed: 0, skipped: 0, milliseconds: 0 };

export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  milliseconds: a.milliseconds + b.milliseconds,
});

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** The counts in words: `12 passed, 1 failed, 3 skipped`. */
export function inWords({ passed, failed, skipped }) {
  return [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ');
}

/** Prints the line of one test program. */
export function printProgram(part, name, counts) {
  console.log(`${counts.failed > 0 ? '✖' : '✔'} ${part} ${name}: ${inWords(counts)} (${seconds(counts.milliseconds)})`);
}
