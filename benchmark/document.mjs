/** The parts of BENCHMARKS.md that programs write. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from './peers.mjs';

const path = join(projectDirectory, 'BENCHMARKS.md');

/** Replaces what stands between `<!-- name:begin … -->` and `<!-- name:end -->`. */
export function writeSection(name, content) {
  const text = readFileSync(path, 'utf8');
  const section = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[^]*?(<!-- ${name}:end -->)`);
  if (!section.test(text)) throw new Error(`BENCHMARKS.md has no section ${name}`);
  writeFileSync(
    path,
    text.replace(section, (_, begin, end) => `${begin}\n${content}\n\n${end}`),
  );
}
