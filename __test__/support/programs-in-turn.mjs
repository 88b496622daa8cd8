// Runs programs one after the other in this process, and writes as JSON what each printed with console.log, and its error. Each
// has a directory of its own, which is the current one while it runs.
//
//   node programs-in-turn.mjs PROGRAM...

import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const results = [];
for (const path of process.argv.slice(2)) {
  const result = { printed: '' };
  results.push(result);
  console.log = (...values) => {
    result.printed += `${format(...values)}\n`;
  };
  process.chdir(dirname(path));
  try {
    await import(pathToFileURL(path).href);
    await setTimeout();
  } catch (error) {
    result.error = format(error);
  }
}
process.stdout.write(JSON.stringify(results));
