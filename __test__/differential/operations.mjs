// Makes random operations as plain data. An operation is `{ method, args }`; ids that the stores make are written
// `{ $: 'run', n }` (the n-th run made, counted round, whatever each store calls it; NaN for none), odd values `{ $: 'odd', name }`.

import { fields, methods, weights } from './signatures.mjs';
import * as values from './values.mjs';

const { odd, pickOdd } = values;

/** How odd a sequence is: chance of a quirk (to be kept) and of a fault (to be refused) in each value. */
export const moods = {
  ordinary: { quirk: 0, fault: 0 },
  quirky: { quirk: 0.08, fault: 0.001 },
  odd: { quirk: 0.08, fault: 0.02 },
};

const SCORERS = ['exact', 'language', 'exact', '10', '9', 'é', 'z', 'judge'];
const NAMES = ['capitals', 'languages', 'Capitals', 'articles', 'smoke'];
const MODELS = ['franc', 'tinyld', 'gpt-x'];
const ROW_SHAPES = ['plain', 'class', 'inherited', 'frozen', 'null prototype', 'proxy', 'extra', 'reversed'];
const CONTAINERS = ['generator', 'set', 'frozen', 'iterator', 'subclass'];

export class OperationSource {
  #random;
  #mood;
  #methods;
  #caseIds = [];
  #scoreIds = [];
  #next = [];
  #made = { suite: 0, run: 0, prompt: 0 };

  /** @param extra weights of further operations that the place knows, such as `begin` on a borrowed handle. */
  constructor(random, mood, extra = {}) {
    this.#random = random;
    this.#mood = mood;
    this.#methods = { ...weights, ...extra };
  }

  next() {
    if (this.#next.length > 0) return this.#next.shift();
    if (this.#made.suite === 0) return this.#call('createSuite');
    if (this.#made.run === 0) return this.#call('createRun');
    const operation = this.#call(this.#random.weighted(this.#methods));
    if (this.#random.chance(0.15)) this.#next.push(...this.#twinsOf(operation));
    return operation;
  }

  /** Makes the same suite or run again, at once, so that both have the same time, and asks for the newest. */
  #twinsOf({ method, args }) {
    if (method === 'createSuite') {
      this.#made.suite++;
      return [
        { method, args },
        { method: 'findSuiteByName', args },
      ];
    }
    const [run] = args;
    if (method !== 'createRun' || run?.$ !== 'row') return [];
    const twins = [this.#made.run - 1, this.#made.run].map((n) => ({ $: 'run', n }));
    this.#made.run++;
    return [
      { method, args },
      ...twins.map((twin) => ({ method: 'finishRun', args: [twin, 'completed'] })),
      { method: 'getLatestCompletedRun', args: [run.fields.suite_id] },
    ];
  }

  #call(method) {
    const made = { createSuite: 'suite', createRun: 'run', createPrompt: 'prompt' }[method];
    if (made) this.#made[made]++;
    const types = methods[method] ?? [];
    const args = types.map((type) => this.#value(type));
    while (types[args.length - 1]?.endsWith('?') && args.at(-1) === undefined) args.pop();
    if (args.length > 0 && this.#fault()) args.pop();
    return { method, args };
  }

  #quirk() {
    return this.#random.chance(this.#mood.quirk);
  }

  #fault() {
    return this.#random.chance(this.#mood.fault);
  }

  /** A value of this type: usually an ordinary one, sometimes a quirk, rarely a fault. */
  #value(type) {
    const random = this.#random;
    if (type.endsWith('?'))
      return random.chance(0.4) ? random.pick([undefined, null, undefined]) : this.#value(type.slice(0, -1));
    if (type.endsWith('!')) return this.#value(type.slice(0, -1));
    if (type === 'cases' || type === 'scores') return this.#rows(type);
    if (type === 'newRun') return this.#fault() ? pickOdd(random, values.strangers) : this.#row('newRun');
    if (type === 'json') return this.#json();
    if (this.#fault()) return this.#strangerFor(type);
    if (this.#quirk()) return this.#quirkOf(type);
    return this.#ordinary(type);
  }

  #strangerFor(type) {
    let stranger;
    // A row without an id is not a fault here: runstore makes one, the reference cannot.
    do stranger = pickOdd(this.#random, values.strangers);
    while (type === 'rowId' && stranger.name === 'other:undefined');
    return stranger;
  }

  #quirkOf(type) {
    const random = this.#random;
    if (type === 'score' && random.chance(0.4)) return odd(random.pick(['number:Infinity', 'number:-Infinity']));
    if (type === 'scorer' && random.chance(0.3)) return odd('text:__proto__');
    if (['position', 'amount', 'score', 'threshold'].includes(type)) return pickOdd(random, values.quirkyNumbers);
    if (type === 'status') return random.pick(['running', 'done', '', 'Completed', 'failed ']);
    if (type === 'textOrNull') return random.chance(0.4) ? null : pickOdd(random, values.quirkyTexts);
    return pickOdd(random, values.quirkyTexts);
  }

  #ordinary(type) {
    const random = this.#random;
    switch (type) {
      case 'suite':
      case 'run':
      case 'prompt':
        return { $: type, n: random.chance(0.03) ? NaN : this.#recent(this.#made[type]) };
      case 'case':
        return this.#caseIds.length ? this.#caseIds[this.#recent(this.#caseIds.length)] : 'case-none';
      case 'text':
      case 'name':
        return random.pick(NAMES);
      case 'model':
        return random.pick(MODELS);
      case 'scorer':
        return random.pick(SCORERS);
      case 'status':
        return random.chance(0.8) ? 'completed' : 'failed';
      case 'threshold':
        return random.pick([0, 0.25, 0.5, 0.75, 1, -1, random.next(), odd('number:Infinity')]);
      case 'position':
        return random.chance(0.5) ? random.below(4) : random.below(1000);
      case 'amount':
        return random.chance(0.2) ? random.next() * 1000 : random.below(5000);
      case 'score':
        return random.chance(0.3) ? random.next() : random.pick([0, 0.25, 0.5, 0.75, 1]);
      case 'textOrNull':
        return random.chance(0.2) ? null : `answer ${random.below(100)}`;
      default:
        throw new Error(`no ordinary value of type ${type}`);
    }
  }

  /** Mostly one of the last few, so that things meet. */
  #recent(count) {
    return this.#random.chance(0.7) ? Math.max(0, count - 1 - this.#random.below(4)) : this.#random.below(count);
  }

  #json() {
    const random = this.#random;
    if (this.#fault()) return pickOdd(random, values.faultyJson);
    if (this.#quirk() || this.#quirk()) return pickOdd(random, values.quirkyJson);
    return random.pick([
      `question ${random.below(100)}`,
      {
        $: 'json',
        value: { question: `What is ${random.below(10)}?`, tags: ['a', 'b'], nested: { n: random.below(5) } },
      },
      { $: 'json', value: [random.below(10), 'ü', null, true] },
      random.below(1000),
    ]);
  }

  #rows(type) {
    const random = this.#random;
    if (this.#fault()) return pickOdd(random, values.strangers);
    const count = random.chance(0.97)
      ? random.below(7)
      : random.chance(0.9)
        ? random.between(20, 60)
        : random.between(500, 1100);
    const rows = Array.from({ length: count }, () =>
      this.#fault() && this.#fault() ? pickOdd(random, values.strangers) : this.#row(type),
    );
    const container = random.chance(0.75) ? 'array' : random.pick(CONTAINERS);
    const throwsAfter = container === 'generator' && this.#fault() ? random.below(count + 1) : undefined;
    return { $: 'rows', container, rows, ...(throwsAfter !== undefined && { throwsAfter }) };
  }

  #row(type) {
    const random = this.#random;
    const row = { $: 'row', type, shape: random.chance(0.8) ? 'plain' : random.pick(ROW_SHAPES), fields: {} };
    for (const [name, fieldType] of Object.entries(fields[type])) {
      row.fields[name] = this.#field(type, fieldType);
      if (row.fields[name] === undefined && random.chance(0.5)) delete row.fields[name];
    }
    if (this.#fault() && this.#fault()) row.throwsAt = random.pick(Object.keys(fields[type]));
    return row;
  }

  #field(type, fieldType) {
    return fieldType === 'rowId' ? this.#rowId(type) : this.#value(fieldType);
  }

  #rowId(type) {
    if (this.#fault()) return this.#random.chance(0.5) ? this.#oldId() : this.#strangerFor('rowId');
    const ids = type === 'cases' ? this.#caseIds : this.#scoreIds;
    const quirk =
      this.#quirk() && this.#random.chance(0.2) ? this.#random.pick(['é', '\0', ' ', '😀', '\u{10ffff}']) : '';
    ids.push(`${type.slice(0, -1)}-${ids.length}${quirk}`);
    return ids.at(-1);
  }

  #oldId() {
    const known = [...this.#caseIds, ...this.#scoreIds];
    return known.length ? this.#random.pick(known) : 'id';
  }
}
