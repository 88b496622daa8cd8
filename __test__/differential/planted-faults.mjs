// Stores that are wrong in one thing each. The differential test has to find every one of them, by its own sign: how the
// report of the difference begins.

import { ReferenceStore } from './sides.mjs';

const withCases = (change) =>
  class extends ReferenceStore {
    getCases(runId) {
      return super.getCases(runId).map(change);
    }
  };

export const plantedFaults = {
  'counts a score equal to the threshold as failing': {
    sign: /getFailingCases result/,
    Store: class extends ReferenceStore {
      getFailingCases(runId, threshold = 0.5) {
        return super.getFailingCases(runId, threshold + Number.EPSILON);
      }
    },
  },
  'keeps the rows before a faulty one': {
    sign: /(getFailingCases|getRunSummary) result/,
    Store: class extends ReferenceStore {
      saveScores(scores) {
        for (const score of scores) super.saveScores([score]);
      }
    },
  },
  'turns 0 into -0': {
    sign: /getCases result\.\d+\.latency_ms is -0, expected 0/,
    Store: withCases((row) => ({ ...row, latency_ms: row.latency_ms === 0 ? -0 : row.latency_ms })),
  },
  'loses own __proto__ keys': {
    sign: /getCases result\.\d+\.input has the keys/,
    Store: withCases((row) => {
      if (typeof row.input === 'object' && row.input !== null) Reflect.deleteProperty(row.input, '__proto__');
      return row;
    }),
  },
  'returns its keys in another order': {
    sign: /getCases result\.\d+ has the keys \["run_id"/,
    Store: withCases(({ id, ...others }) => ({ ...others, id })),
  },
  'cuts text at NUL': {
    sign: /getCases result\.\d+\.output is "before", expected/,
    Store: withCases((row) => ({ ...row, output: row.output?.split('\0')[0] ?? null })),
  },
  'sorts cases with equal idx by id': {
    sign: /getCases result\.\d+\.id is/,
    Store: class extends ReferenceStore {
      getCases(runId) {
        return super.getCases(runId).sort((a, b) => a.idx - b.idx || (a.id < b.id ? 1 : -1));
      }
    },
  },
  'wraps the errors of the caller': {
    sign: /saveCases threw Error : saveCases failed/,
    Store: class extends ReferenceStore {
      saveCases(cases) {
        try {
          super.saveCases(cases);
        } catch (cause) {
          throw new Error('saveCases failed', { cause });
        }
      }
    },
  },
  'throws where there is no row': {
    sign: /renameRun threw Error : no such run/,
    Store: class extends ReferenceStore {
      renameRun(id, name) {
        if (this.getRun(id) === undefined) throw new Error('no such run');
        super.renameRun(id, name);
      }
    },
  },
  'never uses the number of a deleted prompt version again': {
    sign: /createPrompt result\.version is/,
    Store: class extends ReferenceStore {
      #greatest = new Map();
      createPrompt(name, content) {
        const made = super.createPrompt(name, content);
        const version = Math.max(made.version, (this.#greatest.get(name) ?? 0) + 1);
        this.#greatest.set(name, version);
        return { ...made, version };
      }
    },
  },
  'keeps a summary when a run is finished again': {
    sign: /result(\.\d+)?\.summary is/,
    Store: class extends ReferenceStore {
      finishRun(id, status, summary) {
        super.finishRun(id, status, summary ?? this.getRun(id)?.summary);
      }
    },
  },
  'calls toJSON twice': {
    sign: /saveCases what ran of the caller's code/,
    Store: class extends ReferenceStore {
      saveCases(cases) {
        const rows = [...cases];
        super.saveCases(rows);
        for (const row of rows) JSON.stringify(row.input);
      }
    },
  },
};
