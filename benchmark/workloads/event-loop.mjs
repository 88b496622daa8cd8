/** How long the event loop stands still. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Keeps a chain of immediates running, one a turn of the loop; `stop` returns the longest gap in milliseconds. */
function watchEventLoop() {
  let longest = 0;
  let last = performance.now();
  let handle;
  const notice = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    handle = setImmediate(notice);
  };
  handle = setImmediate(notice);
  return () => {
    clearImmediate(handle);
    return Math.max(longest, performance.now() - last);
  };
}

/** Awaits `work()` and returns the longest gap between two turns of the event loop meanwhile. */
export async function longestBlockDuring(work) {
  globalThis.gc();
  await nextTurn();
  const stop = watchEventLoop();
  await work();
  return stop();
}

/** Reads all `cases()` with `for await` and returns the longest gap between two turns of the event loop meanwhile. */
export async function longestBlock(cases) {
  let characters = 0;
  const longest = await longestBlockDuring(async () => {
    for await (const row of cases()) characters += row.output?.length ?? 0;
  });
  if (characters === 0) throw new Error('no case was read');
  return longest;
}
