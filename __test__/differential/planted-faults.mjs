// Stores that are wrong in one thing each. The differential test has to find every one of them.

import { ReferenceStore } from './sides.mjs';

const withCases = (change) =>
  class extends ReferenceStore {
    getCases(runId) {
      return super.getCases(runId).map(change);
    }
  };

export const plantedFaults = {
  'counts a score equal to the threshold as failing': class extends ReferenceStore {
    getFailingCases(runId, threshold = 0.5) {
      return super.getFailingCases(runId, threshold + Number.EPSILON);
    }
  },
  'keeps the rows before a faulty one': class extends ReferenceStore {
    saveScores(scores) {
      for (const score of scores) super.saveScores([score]);
    }
  },
  'turns 0 into -0': withCases((row) => ({ ...row, latency_ms: row.latency_ms === 0 ? -0 : row.latency_ms })),
  'loses own __proto__ keys': withCases((row) => {
    if (typeof row.input === 'object' && row.input !== null) Reflect.deleteProperty(row.input, '__proto__');
    return row;
  }),
  'returns its keys in another order': withCases(({ id, ...others }) => ({ ...others, id })),
  'cuts text at NUL': withCases((row) => ({ ...row, output: row.output?.split('\0')[0] ?? null })),
  'sorts cases with equal idx by id': class extends ReferenceStore {
    getCases(runId) {
      return super.getCases(runId).sort((a, b) => a.idx - b.idx || (a.id < b.id ? 1 : -1));
    }
  },
  'wraps the errors of the caller': class extends ReferenceStore {
    saveCases(cases) {
      try {
        super.saveCases(cases);
      } catch (cause) {
        throw new Error('saveCases failed', { cause });
      }
    }
  },
  'throws where there is no row': class extends ReferenceStore {
    renameRun(id, name) {
      if (this.getRun(id) === undefined) throw new Error('no such run');
      super.renameRun(id, name);
    }
  },
  'never uses the number of a deleted prompt version again': class extends ReferenceStore {
    #greatest = new Map();
    createPrompt(name, content) {
      const made = super.createPrompt(name, content);
      const version = Math.max(made.version, (this.#greatest.get(name) ?? 0) + 1);
      this.#greatest.set(name, version);
      return { ...made, version };
    }
  },
  'keeps a summary when a run is finished again': class extends ReferenceStore {
    finishRun(id, status, summary) {
      super.finishRun(id, status, summary ?? this.getRun(id)?.summary);
    }
  },
  'calls toJSON twice': class extends ReferenceStore {
    saveCases(cases) {
      const rows = [...cases];
      super.saveCases(rows);
      for (const row of rows) JSON.stringify(row.input);
    }
  },
};
