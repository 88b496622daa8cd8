// Records what is printed while an evaluation runs.

/** Keeps everything that goes to the console; `stop()` puts the console back and returns it. */
export function recordOutput() {
  const { log, warn } = console;
  const { write } = process.stdout;
  const printed = [];
  const record = (...values) => {
    printed.push(withoutProgress(values.join(' ')));
    return true;
  };
  console.log = record;
  console.warn = record;
  process.stdout.write = record;
  return {
    stop() {
      console.log = log;
      console.warn = warn;
      process.stdout.write = write;
      return printed;
    },
  };
}

/** The progress bar shows how long the evaluation has taken by the clock on the wall. */
const withoutProgress = (text) => text.replace(/(\(\d+\/\d+\)) .*$/s, '$1');
