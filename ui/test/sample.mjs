// Made-up runs in the format of the page, of any size, the same at each call: for tests, pictures and measurements.

export const ROWS_IN_BLOCK = 500;

/** Returns the index and the bodies of two runs (or one) of `count` cases. */
export function sample({ count = 412, isPair = true, trials = 1 } = {}) {
  const random = generator(42);
  const scorers = ['exact', 'helpful'];
  const side = () => ({
    trials: [],
    errored: [],
    scores: scorers.map(() => []),
    spread: scorers.map(() => []),
    latencyMs: [],
    costUsd: [],
    tokens: [],
  });
  const rows = {
    count,
    label: [],
    preview: [],
    output: [],
    benchmark: null,
    cluster: null,
    changed: [],
    failures: [],
    baseline: isPair ? side() : null,
    candidate: side(),
  };
  const bodies = [];
  for (let row = 0; row < count; row++) {
    const question = `What is the capital of country ${row}? Answer with one word.`;
    const [isRight, isStillRight] = [random() < 0.84, random() < 0.93];
    rows.label.push(`capital-${row}`);
    rows.preview.push(question.slice(0, 80));
    const before = isPair ? fill(rows.baseline, row, isRight, 0) : [];
    const after = fill(rows.candidate, row, isPair ? isRight && isStillRight : isRight, 1);
    rows.output.push(after[0].output ?? after[0].error);
    rows.changed.push(isPair && before[0].output !== after[0].output ? 1 : 0);
    bodies.push({ key: `capital-${row}`, input: question, expected: `City${row}`, baseline: before, candidate: after });
  }
  const failed = [...Array(count).keys()].filter((row) => rows.candidate.scores[0][row] === 0);
  rows.failures = [failed, failed];
  const group = (message) => ({
    scorer: 'exact',
    message,
    count: failed.length,
    all: null,
    title: message ?? 'Worse on exact',
    note: null,
  });
  return { index: { ...head(isPair), failures: [group(null), group('expected City#')], rows }, bodies };

  function fill(into, row, isRight, run) {
    const isErrored = row % 97 === 13 && run === 1;
    const made = [];
    for (let trial = 0; trial < trials; trial++) {
      const output = isErrored ? null : isRight ? `City${row}, as everyone knows.` : `Town${row}, I believe.`;
      const scores = isErrored
        ? []
        : [
            {
              scorer: 'exact',
              score: isRight ? 1 : 0,
              reason: isRight ? null : `expected City${row}`,
              answer: output.split(',')[0],
            },
            {
              scorer: 'helpful',
              score: Math.round(random() * 100) / 100,
              reason: 'The tone is friendly.',
              answer: null,
            },
          ];
      made.push({
        caseId: `${run}-${row}-${trial}`,
        trial: trials > 1 ? trial : null,
        output,
        error: isErrored ? 'TimeoutError: no answer within 30 s' : null,
        latencyMs: 200 + random() * 1500,
        costUsd: 0.0004 + random() * 0.002,
        tokensIn: 120,
        tokensOut: 8 + Math.floor(random() * 30),
        metadata: { topic: row % 3 === 0 ? 'geo' : 'history', level: { value: row % 5 } },
        scores,
        turns:
          row % 50 === 0
            ? [
                { role: 'user', content: question(row), tokens: 12 },
                { role: 'assistant', content: output, tokens: 8 },
              ]
            : [],
      });
    }
    into.trials.push(trials);
    into.errored.push(isErrored ? trials : 0);
    for (const [at, name] of scorers.entries()) {
      const values = made.flatMap((one) =>
        one.scores.filter(({ scorer }) => scorer === name).map(({ score }) => score),
      );
      into.scores[at].push(values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
      into.spread[at].push(values.length < 2 ? null : Math.max(...values) - Math.min(...values));
    }
    into.latencyMs.push(made[0].latencyMs);
    into.costUsd.push(made[0].costUsd);
    into.tokens.push(made[0].tokensIn + made[0].tokensOut);
    return made;
  }

  function question(row) {
    return `What is the capital of country ${row}?`;
  }

  function head(hasBaseline) {
    const run = (name, model, startedAt) => ({
      id: name,
      name,
      model,
      status: 'completed',
      startedAt,
      finishedAt: startedAt + 60_000,
      cases: count * trials,
      errored: name === 'pr-118' ? Math.floor(count / 97) : 0,
      tags: ['nightly'],
      commit: '4f1d0c9ab2',
      branch: 'main',
      latencyMs: 931.4,
      costUsd: 0.5712,
      tokensIn: 49_440,
      tokensOut: 9_512,
    });
    return {
      format: 'runstore-page',
      version: 1,
      createdAt: 1_767_225_600_000,
      suite: { id: 's', name: 'capitals' },
      baseline: hasBaseline ? run('main-204', 'model-a', 1_767_139_200_000) : null,
      candidate: run('pr-118', 'model-b', 1_767_222_000_000),
      headline: hasBaseline
        ? 'Candidate is worse on exact: 0.84 → 0.78, −0.06 (−0.09 to −0.03); 25 of 412 cases regressed'
        : '334 of 412 cases passed; exact 0.81',
      deciding: hasBaseline ? 'exact' : null,
      verdict: hasBaseline
        ? {
            decision: 'REJECT',
            reasons: ['exact: worse by 0.06 (0.03 to 0.09), more than the margin of 0.02'],
            alpha: 0.05,
          }
        : null,
      scorers: scorers.map((name, at) => ({
        name,
        lowerIsBetter: false,
        n: count,
        baselineMean: hasBaseline ? 0.84 : null,
        candidateMean: 0.78,
        delta: hasBaseline ? (at === 0 ? -0.06 : 0.004) : null,
        interval: hasBaseline ? (at === 0 ? [-0.09, -0.03] : [-0.03, 0.04]) : [0.74, 0.82],
        level: 0.95,
        pValue: at === 0 ? 0.0001 : 0.8,
        detectable: 0.04,
        margin: hasBaseline ? 0.02 : null,
        decision: hasBaseline ? (at === 0 ? 'REJECT' : 'INCONCLUSIVE') : null,
        improved: 0,
        regressed: at === 0 ? 25 : 190,
        unchanged: count - 25,
        method: { test: 'mcnemar_exact', interval: 'tango', reason: 'all scores are 0 or 1' },
      })),
      limits: scorers.map(() => ({ floor: 0.5, ceiling: null })),
      notes: ['4 cases of the candidate ended in an error; they count as the worst score.'],
      coverage: hasBaseline ? { both: count, onlyBaseline: 0, onlyCandidate: 0 } : null,
      history: Array.from({ length: 8 }, (_, at) => ({
        runId: `r${at}`,
        name: `main-${197 + at}`,
        model: 'model-a',
        startedAt: 1_766_500_000_000 + at * 86_400_000,
        decision: at === 5 ? 'REJECT' : at % 3 === 0 ? 'ALLOW' : null,
        means: { exact: { mean: 0.8 + 0.01 * at, interval: [0.76 + 0.01 * at, 0.84 + 0.01 * at], n: count } },
      })),
      omitted: [],
      agreement: [],
      presets: [],
    };
  }
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that samples are the same everywhere. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
