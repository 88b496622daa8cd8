// Shortens a failing sequence of operations by leaving parts of it out and running it again.

/**
 * @param operations a sequence that fails
 * @param fails tells whether a shorter sequence still fails
 * @returns a sequence that fails and from which nothing can be left out (or the best found in `tries` runs)
 */
export function shrink(operations, fails, tries = 400) {
  let best = operations;
  let left = tries;
  const attempt = (candidate) => {
    if (left-- <= 0 || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = best.length - size; start > -size; start -= size) {
      const from = Math.max(0, start);
      attempt([...best.slice(0, from), ...best.slice(from + size)]);
    }
  }
  shrinkRows(() => best, attempt);
  return best;
}

/** Leaves rows out of the batches that remain. */
function shrinkRows(current, attempt) {
  for (let index = 0; index < current().length; index++) {
    for (let size = rowsOf(current()[index]).length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = rowsOf(current()[index]).length - size; from >= 0; from -= size) {
        attempt(current().with(index, withoutRows(current()[index], from, size)));
      }
    }
  }
}

const rowsOf = ({ args }) => args[0]?.rows ?? [];

function withoutRows(operation, from, count) {
  const rows = rowsOf(operation).toSpliced(from, count);
  return { ...operation, args: [{ ...operation.args[0], rows }] };
}
