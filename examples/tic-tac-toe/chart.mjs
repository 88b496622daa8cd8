const WIDTH = 40;

/** Prints the scores of runs, a group of bars for each benchmark. */
export function printChart(store, runIds, benchmarks) {
  // hasColors exists on terminals only, and honours NO_COLOR.
  const colors = process.stdout.hasColors?.() ?? false;
  const paint = (code, text) => (colors ? `\u001b[${code}m${text}\u001b[39m` : text);
  const runs = runIds.map((id) => store.getRun(id));
  const width = Math.max(...runs.map(({ name }) => name.length));
  for (const benchmark of benchmarks) {
    console.log(`\n${benchmark}`);
    for (const run of runs) {
      const { score, num_correct, num_examples } = store.getBenchmarkResult(run.id, benchmark);
      const full = Math.round(score * WIDTH);
      const bar = paint(32, '█'.repeat(full)) + paint(90, '░'.repeat(WIDTH - full));
      console.log(`  ${run.name.padEnd(width)}  ${bar}  ${score.toFixed(2)}  ${num_correct} of ${num_examples}`);
    }
  }
}
