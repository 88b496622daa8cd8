/** Order statistics of a handful of rounds. */

const ascending = (values) => [...values].sort((a, b) => a - b);

export function median(values) {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Returns the probability that at most `k` of `n` fair coins show heads. */
function coinTail(n, k) {
  let term = 0.5 ** n;
  let sum = 0;
  for (let heads = 0; heads <= k; heads++) {
    sum += term;
    term *= (n - heads) / (heads + 1);
  }
  return sum;
}

/**
 * Returns an interval that holds the true median in about 95 of 100 benches, without assuming any distribution:
 * the k-th smallest and k-th largest value, k as large as the binomial distribution allows.
 * Five values or fewer: smallest and largest.
 */
export function medianInterval(values) {
  const sorted = ascending(values);
  let k = 0;
  while (coinTail(values.length, k) <= 0.025) k++;
  const low = Math.max(k - 1, 0);
  return [sorted[low], sorted[sorted.length - 1 - low]];
}
