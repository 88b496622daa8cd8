// Writes docs/api.md, and the list of methods in docs/migrating.md, from the declarations and doc comments of index.d.ts.
//
//   node scripts/generate-api-docs.mjs           writes them
//   node scripts/generate-api-docs.mjs --check   fails when they are older than index.d.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const declarationFile = fileURLToPath(new URL('../index.d.ts', import.meta.url));
const documents = {
  'docs/api.md': (_, declarations) => generate(declarations),
  'docs/migrating.md': listOwnMethods,
};

/** Returns the document that belongs to the text of a declaration file. */
export function generate(declarations) {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter(ts.isClassDeclaration);
  const [main, ...others] = classes.toReversed();
  const types = source.statements.filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
  const link = linker([...classes, ...types], main);
  const sections = [
    '<!-- Made from index.d.ts by `npm run docs`: change the doc comments there. -->',
    '# API',
    prose(readComment(source.statements[0], 0), link),
    contents(source, main, others, types),
    ...classSection(main, link),
    '## Errors',
    ...others.flatMap((each) => classSection(each, link, '###')),
    ...typeSections(types.filter(isOfErrors), link),
    '## Types',
    ...typeSections(
      types.filter((type) => !isOfErrors(type)),
      link,
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const isOfErrors = ({ name }) => name.text.includes('Error');

/** One line for each group of methods, as blank lines group them in the source, and one for the types. */
function contents(source, main, others, types) {
  const groups = [];
  let end = 0;
  for (const member of main.members.filter(isDocumented)) {
    const gap = source.text.slice(end, member.getFullStart() + member.getLeadingTriviaWidth());
    if (groups.length === 0 || /^\s*\n\s*\n/.test(gap)) groups.push([]);
    groups.at(-1).push(`[${titleOf(member)}](#${anchorOf(titleOf(member))})`);
    end = member.end;
  }
  const typeLinks = [...others, ...types].map(({ name }) => `[${name.text}](#${anchorOf(name.text)})`);
  return [...groups, typeLinks].map((links) => `- ${links.join(' · ')}`).join('\n');
}

function classSection(node, link, heading = '##') {
  const members = node.members.filter(isDocumented);
  return [
    `${heading} ${node.name.text}`,
    ...described(readComment(node), link),
    ...members.flatMap((member) => [
      `${heading}# ${titleOf(member)}`,
      declaration(signatureOf(member)),
      ...described(readComment(member), link),
    ]),
  ];
}

const isDocumented = (member) => !(ts.isPropertyDeclaration(member) && ts.isPrivateIdentifier(member.name));

function typeSections(types, link) {
  return types.flatMap((type) => [
    `### ${type.name.text}`,
    ...described(readComment(type), link),
    ...shapeOf(type, link),
  ]);
}

/** How a member is called, as it is declared. */
function signatureOf(member) {
  const text = member.getText().replace(/^ {2}/gm, '');
  return ts.isConstructorDeclaration(member) ? text.replace(/^constructor/, titleOf(member)) : text;
}

function shapeOf(type, link) {
  // The comment of an alias that has a table says it all.
  if (ts.isTypeAliasDeclaration(type)) {
    return readComment(type).text.includes('| --- |') ? [] : [declaration(type.getText().replace(/^export /, ''))];
  }
  const extended =
    type.heritageClauses?.flatMap(({ types }) => types.map((one) => `\`${oneLine(one.getText())}\``)) ?? [];
  const inherited = extended.length > 0 ? `Has everything of ${extended.join(' and ')}` : '';
  if (type.members.length === 0) return [`${inherited}.`];
  return [inherited && `${inherited}, and:`, fieldTable(type, link)];
}

function fieldTable(type, link) {
  const rows = type.members.map((member) => {
    const optional = member.questionToken ? '?' : '';
    const kind = ts.isMethodSignature(member) ? member.getText().replace(/;$/, '') : member.type.getText();
    const text = prose(readComment(member), link);
    return `| \`${member.name.getText()}${optional}\` | \`${cell(oneLine(kind))}\` | ${cell(oneLine(text))} |`;
  });
  return ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Description, parameters, errors and examples of a comment, each a section. */
function described(comment, link) {
  const tags = (name) => comment.tags.filter((tag) => tag.name === name);
  const parameters = tags('param').map(({ text }) => {
    const [, name, rest] = /^(\S+)\s+(.*)$/s.exec(text);
    return `- \`${name}\`: ${link(oneLine(rest))}`;
  });
  const errors = tags('throws').map(({ text }) => `- Throws ${link(oneLine(text))}`);
  return [prose(comment, link), [...parameters, ...errors].join('\n'), ...tags('example').map(({ text }) => text)];
}

const prose = ({ text }, link) => link(text);

/** Returns the text of a doc comment and its tags. Of several in front of a node, the last is its own. */
function readComment(node, at = -1) {
  const comment = node.jsDoc?.at(at);
  if (comment === undefined) return { text: '', tags: [] };
  const text = comment
    .getText()
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/\n[ \t]*\* ?/g, '\n')
    .trim();
  const [description, ...tags] = text.split(/^@(?=\w)/m);
  return { text: description.trim(), tags: tags.map(readTag) };
}

function readTag(text) {
  const [, name, rest] = /^(\w+)(.*)$/s.exec(text);
  return { name, text: rest.trim() };
}

/** Turns `{@link name}` into a link: to a type, to a member of the class, or to the type of a field. */
function linker(named, main) {
  const types = new Set(named.map(({ name }) => name.text));
  const members = new Set(main.members.filter(isDocumented).map(titleOf));
  return (text) =>
    text.replace(/\{@link ([\w.]+)\}/g, (_, target) => {
      const [first, second] = target.split('.');
      const shown = first === main.name.text && second !== undefined ? second : target;
      if (members.has(shown)) return `[\`${shown}\`](#${anchorOf(shown)})`;
      if (types.has(first)) return `[\`${target}\`](#${anchorOf(first)})`;
      throw new Error(`index.d.ts links to ${target}, which is not there`);
    });
}

function titleOf(member) {
  if (ts.isConstructorDeclaration(member)) return `new ${member.parent.name.text}`;
  return member.name.getText();
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

const declaration = (text) => `\`\`\`ts declaration\n${text}\n\`\`\``;
const oneLine = (text) => text.replace(/\s*\n\s*/g, ' ');
const cell = (text) => text.replaceAll('|', '\\|');

/** Returns docs/migrating.md with the members of `RunStore` that are not marked as those of `@deepagents/evals`. */
export function listOwnMethods(document, declarations) {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const [main] = source.statements.filter(ts.isClassDeclaration).toReversed();
  const own = main.members.filter(
    (member) => ts.isMethodDeclaration(member) && !readComment(member).text.includes('As in `@deepagents/evals`'),
  );
  const links = own
    .map(titleOf)
    .filter((name) => !name.startsWith('['))
    .map((name) => `[\`${name}\`](api.md#${anchorOf(name)})`);
  return document.replace(/(<!-- methods:begin.*-->\n)[\s\S]*(<!-- methods:end -->)/, `$1\n${links.join(', ')}\n\n$2`);
}

function main() {
  const declarations = readFileSync(declarationFile, 'utf8');
  for (const [name, write] of Object.entries(documents)) {
    const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
    const text = readFileSync(file, 'utf8');
    const wanted = write(text, declarations);
    if (text === wanted) continue;
    if (!process.argv.includes('--check')) writeFileSync(file, wanted);
    else {
      console.error(`${name} is older than index.d.ts: run "npm run docs"`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
