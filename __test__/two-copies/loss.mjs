// Acknowledges rows while another copy of SQLite in the same process opens and closes the file, prints how many it
// acknowledged, and dies. With RUNSTORE_POSIX_LOCKS=1 the protection is off, and most of them are not there afterwards.
//
//   node loss.mjs <path> <foreign copy>

import { writeSync } from 'node:fs';
import { connectionsWith, makeFile } from './connections.mjs';

const [path, foreign] = process.argv.slice(2);
const open = connectionsWith(foreign);

makeFile(path);
const store = open.path(path);
let acknowledged = 0;
const write = (rows) => {
  for (let row = 0; row < rows; row++) store.write(`row-${acknowledged++}`);
};

write(7);
const other = open.foreign(path);
other.count();
other.close(); // without our locks it believes itself the last, and deletes the WAL that the store writes
write(20);
writeSync(1, String(acknowledged));
// Without a chance to close the store: what was acknowledged survives the death of the process.
process.kill(process.pid, 'SIGKILL');
