/** The parts of documents that programs write. */

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectDirectory } from './reference-packages.mjs';

/** Replaces what stands between `<!-- name:begin … -->` and `<!-- name:end -->`. */
export function writeSection(name, content, document = 'BENCHMARKS.md') {
  const path = resolve(projectDirectory, document);
  const text = readFileSync(path, 'utf8');
  const section = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[^]*?(<!-- ${name}:end -->)`);
  if (!section.test(text)) throw new Error(`${document} has no section ${name}`);
  writeFileSync(
    path,
    text.replace(section, (_, begin, end) => `${begin}\n${content}\n\n${end}`),
  );
}
