// Draws docs/terminal.svg, the picture of a terminal in the README, from what the command really prints.
//
//   node scripts/picture.mjs           writes it
//   node scripts/picture.mjs --check   fails when the command prints something else now

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordSession } from './picture/session.mjs';
import { drawTerminal } from './picture/svg.mjs';

const pictureFile = fileURLToPath(new URL('../docs/terminal.svg', import.meta.url));

/** Returns the picture as SVG. */
export function draw() {
  return drawTerminal(recordSession(), 'The commands "runstore gate" and "runstore cases" in a terminal');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const picture = draw();
  const isCurrent = existsSync(pictureFile) && readFileSync(pictureFile, 'utf8') === picture;
  if (!process.argv.includes('--check')) writeFileSync(pictureFile, picture);
  else if (!isCurrent) {
    console.error('docs/terminal.svg differs from what the command prints: run "npm run docs".');
    process.exit(1);
  }
}
