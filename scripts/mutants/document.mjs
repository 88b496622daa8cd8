// Writes the tables of docs/reliability.md.
//
//   node scripts/mutants/document.mjs

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectDirectory } from '../../__test__/support/reference-packages.mjs';
import { figuresOf, readProtections, readRecord } from './list.mjs';

const documentFile = join(projectDirectory, 'docs/reliability.md');
const SECTION = /(<!-- promises:begin[^>]*-->\n)[\s\S]*?(<!-- promises:end -->)/;

/** Returns the document with the tables that belong to the promises and to what was seen of them. */
export function generate(text, protections, record) {
  if (!SECTION.test(text)) throw new Error('docs/reliability.md has no place for the tables');
  const groups = [...new Set(protections.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const rows = protections.filter((one) => one.group === group).map((one) => row(one, record));
    return `### ${group}\n\n${[...HEAD, ...rows].join('\n')}`;
  });
  return text.replace(SECTION, (_, begin, end) => `${begin}\n${tables.join('\n\n')}\n\n${end}`);
}

const HEAD = ['| Promise | Protection | Test | Figures | Fails without it |', '| --- | --- | --- | --- | --- |'];

function row({ name, promise, protection, edits, test }, record) {
  const files = [...new Set(edits.map(({ file }) => file))].map(link).join(', ');
  const cells = [promise, `${protection} (${files})`, `${link(test.file)}: \`${test.name}\``, figuresOf(test, record)];
  return `| ${[...cells, record.withoutProtection[name] ?? 'not yet'].map(cell).join(' | ')} |`;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function link(file) {
  const name = file.replace(/^(src|tests|__test__|lib)\//, '').replace(/\/main\.rs$|\.test\.mjs$|\.rs$/, '');
  return `[${name}](../${file})`;
}

export function writeDocument() {
  const text = readFileSync(documentFile, 'utf8');
  writeFileSync(documentFile, generate(text, readProtections(), readRecord()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeDocument();
