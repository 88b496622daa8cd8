// Runs every code block of the documents, and compares its output with the one that it promises.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { before, describe, test } from 'node:test';
import ts from 'typescript';
import { generate, listOwnMethods } from '../scripts/generate-api-docs.mjs';
import { draw } from '../scripts/picture.mjs';
import { asProgram, codeBlocks, expectedOutput, transpile } from './support/code-blocks.mjs';
import { createProgram, errorText } from './support/compiler.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import {
  openBetterSqlite3,
  packagesDirectory,
  packagesModules,
  projectDirectory,
} from './support/reference-packages.mjs';

const requirePackage = createRequire(join(packagesDirectory, 'package.json'));
const inProject = (...path) => join(projectDirectory, ...path);
const read = (...path) => readFileSync(inProject(...path), 'utf8');

function markdownIn(directory) {
  return readdirSync(inProject(directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return markdownIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const rootDocuments = readdirSync(projectDirectory).filter((name) => name.endsWith('.md'));
// docs/api.md has the examples of index.d.ts.
const declarations = readdirSync(inProject('entries'))
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => `entries/${name}`);
const documents = [...rootDocuments, ...markdownIn('docs'), 'examples/README.md', ...declarations];
const blocks = documents.flatMap((document) =>
  codeBlocks(inProject(document)).map((block) => ({ ...block, document })),
);
const of = (...languages) => blocks.filter(({ language, info }) => languages.includes(language) && info === '');
const placeOf = ({ document, line }) => `${document}:${line}`;

/** An empty project in which runstore is installed. */
function emptyProject(t) {
  const directory = temporaryDirectory(t);
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(projectDirectory, join(directory, 'node_modules/runstore'), 'junction');
  return directory;
}

/** Calls `work` as a test is called, and cleans up after it: a hook of a suite has no `after`. */
function cleaningUp(work) {
  const cleanUps = [];
  try {
    return work({ after: (cleanUp) => cleanUps.push(cleanUp) });
  } finally {
    for (const cleanUp of cleanUps) cleanUp();
  }
}

/** Runs blocks in one process, because a process for each would take half a minute. Returns what each printed, and its error. */
function runInTurn(t, programs) {
  const directory = emptyProject(t);
  const files = programs.map((block, at) => {
    const file = join(directory, `${at}`, 'program.mjs');
    mkdirSync(dirname(file));
    writeFileSync(file, transpile(asProgram(block.code)));
    return file;
  });
  const options = { encoding: 'utf8', maxBuffer: Infinity };
  return JSON.parse(
    execFileSync(process.execPath, [inProject('__test__/support/programs-in-turn.mjs'), ...files], options),
  );
}

/** Calls the command in one process, for the same reason. Returns the exit code of each call, and what it wrote to stderr. */
function callInTurn(t, calls) {
  const args = [inProject('__test__/support/commands-in-turn.mjs'), temporaryDirectory(t), JSON.stringify(calls)];
  const env = { ...process.env, RUNSTORE_DB: 'none.db' };
  const { stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: Infinity });
  const results = stderr.matchAll(/([^\0]*)\0(\d+)\n/g);
  return [...results].map(([, written, status]) => ({ status: Number(status), stderr: written }));
}

/** A store with something in it for each query of the documents. */
function exampleFile(t) {
  const path = newPath(t);
  const store = openStore(t, path);
  const suite_id = store.createSuite('capitals').id;
  const run = store.createRun({ suite_id, name: 'first', model: 'gpt-x', id: 'the id of the run' });
  const scores = [{ scorer_name: 'exact', score: 0, reason: 'Lima' }];
  store.saveResults(run, [{ idx: 0, input: 'Capital of Peru?', output: 'Cusco', cost_usd: 0.01, scores }]);
  return path;
}

if (isFirstNode) {
  describe('the programs of the documents', () => {
    const programs = of('ts', 'js');
    let results;

    before(() => {
      results = cleaningUp((t) => runInTurn(t, programs));
    });

    for (const [at, block] of programs.entries()) {
      test(`${placeOf(block)} prints what it says`, () => {
        const { printed, error } = results[at];
        assert.equal(error, undefined);
        const expected = expectedOutput(block.code);
        assert.deepEqual(
          printed.split('\n').filter((line) => expected.includes(line)),
          expected,
        );
      });
    }

    test('their types are right', (t) => {
      const directory = emptyProject(t);
      const files = of('ts').map((block, at) => {
        const file = join(directory, `${at}-${placeOf(block).replace(/\W/g, '-')}.mts`);
        writeFileSync(file, asProgram(block.code));
        return file;
      });
      const program = createProgram(files, {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [inProject('node_modules/@types')],
        paths: { '@deepagents/evals/store': [join(packagesModules, '@deepagents/evals/dist/store/index.d.ts')] },
      });
      assert.equal(errorText(program, directory), '');
    });

    test('each kind of block that is run here is there', () => {
      const absent = ['ts', 'js', 'sh', 'sql', 'yaml', 'groovy', 'text'].filter((kind) => of(kind).length === 0);
      assert.deepEqual(absent, []);
    });

    test('each block is of a kind that is checked here', () => {
      // The samples of docs/reports.md, which exports.test.mjs holds, are three of the last; archive-engines.test.mjs runs Python.
      const checked = ['ts', 'js', 'sh', 'sql', 'text', 'diff', 'yaml', 'groovy', 'json', 'xml', 'markdown', 'python'];
      const others = blocks.filter(({ language }) => !checked.includes(language));
      assert.deepEqual(others.map(placeOf), []);
    });
  });

  describe('the queries of the documents', () => {
    for (const block of of('sql')) {
      test(`${placeOf(block)} finds something`, (t) => {
        const db = openBetterSqlite3(exampleFile(t), { readonly: true });
        t.after(() => db.close());
        assert.ok(db.prepare(block.code).all().length > 0);
      });
    }
  });

  describe('the commands of the documents', () => {
    const { scripts, name } = JSON.parse(read('package.json'));
    const ofRunstore = [...read('docs/cli.md').matchAll(/^## (runstore .+)$/gm)].map(([, command]) => command);
    const { url } = JSON.parse(read('package.json')).repository;
    const builtIn = ['npm ci', `npm install --prefix ${name}`, `git clone ${url.replace('git+', '')}`];

    /** Whether a command runs tests of one of our crates that exist. */
    function areCargoTests(call) {
      const [, crate, rest] = /^cargo test -p runstore-(\w+)((?: --test \w+)*)$/.exec(call) ?? [];
      if (crate === undefined || !existsSync(inProject(`crates/${crate}/Cargo.toml`))) return false;
      const tests = [...rest.matchAll(/--test (\w+)/g)].map(([, test]) => `crates/${crate}/tests/${test}`);
      return tests.every((test) => existsSync(inProject(`${test}.rs`)) || existsSync(inProject(`${test}/main.rs`)));
    }

    /** Whether a command is one that a reader can run. */
    function canBeRun(command) {
      const call = command.replace(/^npx (?=runstore)/, '').replace(/^[A-Z_]+=\S+ /, '');
      const [program, first, second] = call.split(' ');
      if (builtIn.includes(command) || ['jq', 'sqlite3'].includes(program)) return true;
      if (program === name) return ofRunstore.some((known) => `${call} `.startsWith(`${known} `));
      if (program === 'npm') return (first === 'run' ? second : first) in scripts;
      if (program === 'node') return existsSync(inProject(first));
      if (program === 'cargo') return areCargoTests(call);
      return existsSync(inProject(program));
    }

    for (const block of of('sh')) {
      test(`${placeOf(block)} can be run`, () => {
        const commands = block.code.split('\n').map((line) => line.replace(/\s+# .*$/, '').trim());
        const unknown = commands.filter((command) => command !== '' && !canBeRun(command));
        assert.deepEqual(unknown, []);
      });
    }
  });

  describe('the command, as the documents call it', () => {
    const calls = of('sh', 'yaml').flatMap((block) => {
      const found = block.code.matchAll(/(?:^|npx )runstore ([^#|>\n]+)/gm);
      return [...found].map(([, call]) => ({ block, call: call.trim() }));
    });
    let results;

    before(() => {
      const words = calls.map(({ call }) => wordsOf(call));
      results = cleaningUp((t) => callInTurn(t, words));
    });

    for (const [at, { block, call }] of calls.entries()) {
      test(`${placeOf(block)}: runstore ${call}`, () => {
        const { status, stderr } = results[at];
        // 66: the arguments are valid, and there is no such file.
        assert.ok(status === 66 || status === 0, `${status}: ${stderr}`);
      });
    }
  });

  describe('the pipelines of the documents, as their services read them', () => {
    const { load } = requirePackage('js-yaml');

    /** A step of GitHub Actions runs a command or uses an action. */
    function checkSteps(steps) {
      assert.ok(Array.isArray(steps) && steps.length > 0);
      for (const { run, uses, ...more } of steps) {
        assert.equal(typeof (run ?? uses), 'string');
        assert.ok(run === undefined || uses === undefined);
        const known = ['id', 'if', 'name', 'with', 'env'];
        assert.deepEqual(
          Object.keys(more).filter((key) => !known.includes(key)),
          [],
        );
      }
    }

    function checkWorkflow({ on, jobs }) {
      const events = typeof on === 'string' ? [on] : Object.keys(on);
      assert.ok(events.length > 0 && events.every((event) => /^[a-z_]+$/.test(event)), `${events}`);
      assert.ok(Object.keys(jobs).length > 0);
      for (const job of Object.values(jobs)) {
        assert.equal(job['runs-on'], 'ubuntu-latest');
        checkSteps(job.steps);
      }
    }

    /** A job of GitLab is a list of commands; its artifacts name the reports among them. */
    function checkGitlab(jobs) {
      for (const { script, after_script = [], artifacts } of Object.values(jobs)) {
        const commands = [...script, ...after_script];
        assert.ok(commands.length > 0 && commands.every((command) => typeof command === 'string'));
        const made = commands.join(' ');
        for (const file of [...(artifacts.paths ?? []), ...Object.values(artifacts.reports ?? {})]) {
          assert.ok(made.includes(file), `no command makes ${file}`);
        }
      }
    }

    for (const block of of('yaml')) {
      test(placeOf(block), () => {
        const read = load(block.code);
        if (Array.isArray(read)) checkSteps(read);
        else if (read.jobs) checkWorkflow(read);
        else checkGitlab(read);
      });
    }

    for (const block of of('groovy')) {
      test(placeOf(block), () => {
        // A pipeline of Jenkins is blocks in braces and steps with a string: what a parser of Groovy would need a JVM for.
        const bare = block.code.replace(/'[^'\n]*'/g, "''");
        assert.doesNotMatch(bare, /"/);
        let depth = 0;
        for (const line of bare.trim().split('\n')) {
          assert.match(line, /^\s*(}|[a-zA-Z]+(\(''\))? \{|agent any|[a-zA-Z]+ '')$/, line);
          if (line.trim() === '}') depth--;
          assert.equal(line.search(/\S/), 2 * depth, line);
          if (line.endsWith('{')) depth++;
        }
        assert.equal(depth, 0);
      });
    }
  });

  test('docs/terminal.svg shows what the command prints', () => {
    assert.equal(read('docs/terminal.svg'), draw(), 'run "npm run docs"');
  });

  test('README shows the example as it is, and output that it prints', () => {
    assert.ok(read('README.md').includes(read('examples/quickstart.mjs')), 'the program differs from quickstart.mjs');
    const output = read('examples/README.md');
    const shown = of('text').filter(({ document }) => document === 'README.md');
    assert.ok(shown.length > 0, 'README shows no output');
    for (const block of shown) {
      for (const line of block.code.split('\n')) assert.ok(output.includes(line), line);
    }
  });

  test('docs/api.md and the methods in docs/migrating.md are as new as index.d.ts', () => {
    const migrating = read('docs/migrating.md');
    assert.ok(read('docs/api.md') === generate(read('index.d.ts')), 'run "npm run docs"');
    assert.ok(migrating === listOwnMethods(migrating, read('index.d.ts')), 'run "npm run docs"');
    assert.match(migrating, /\[`saveResults`\]\(api\.md#saveresults\)/);
    assert.doesNotMatch(migrating, /\[`saveCases`\]/);
  });

  test('every link leads somewhere', () => {
    const broken = documents.flatMap((document) => {
      const text = read(document).replace(/^```[\s\S]*?^```/gm, '');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
      return targets
        .filter((target) => !/^https?:/.test(target) && !leadsSomewhere(document, target))
        .map((target) => `${document}: ${target}`);
    });
    assert.deepEqual(broken, []);
  });

  test('ARCHITECTURE.md says why each dependency is there', () => {
    const text = read('ARCHITECTURE.md');
    const sections = read('Cargo.toml').matchAll(/^\[(?:build-|dev-)?dependencies\]\n((?:.+\n)*)/gm);
    const crates = [...sections].flatMap(([, lines]) => [...lines.matchAll(/^([\w-]+) = /gm)]);
    const { devDependencies } = JSON.parse(read('package.json'));
    const names = [
      ...crates.map(([, crate]) => crate),
      ...Object.keys(devDependencies).map((one) => one.replace(/^@types\/.*/, '@types')),
    ];
    assert.deepEqual(
      names.filter((one) => !text.includes(one)),
      [],
    );
  });
}

/** Splits a command as a shell does: what stands between quotes is one word. */
const wordsOf = (call) => [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, ...ways]) => ways.find(Boolean));

function leadsSomewhere(document, target) {
  const [path, anchor] = target.split('#');
  const file = path === '' ? document : relative(projectDirectory, join(projectDirectory, dirname(document), path));
  if (!existsSync(inProject(file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

/** The anchors that GitHub gives the headings. */
function anchorsOf(text) {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
