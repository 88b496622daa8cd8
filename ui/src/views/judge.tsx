/** What the reader says of a case, kept as a score of `human:NAME`. */

import { useState } from 'preact/hooks';
import type { Annotate } from '../data/source.ts';

const NAME = 'runstore name';

export function Judge({ caseId, annotate }: { caseId: string; annotate: Annotate }) {
  const [name, setName] = useState(knownName);
  const [note, setNote] = useState('');
  const [said, setSaid] = useState('');
  const judge = async (pass: boolean) => {
    try {
      await annotate({ caseId, name, pass, note: note === '' ? null : note });
      keepName(name);
      setSaid(`Kept as human:${name}; reload to see it in the table.`);
    } catch (error) {
      setSaid((error as Error).message);
    }
  };
  return (
    <fieldset class="judge">
      <legend>Your judgement</legend>
      <label>
        Name <input value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Note <input value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={name.trim() === ''} onClick={() => judge(true)}>
        Pass
      </button>
      <button type="button" disabled={name.trim() === ''} onClick={() => judge(false)}>
        Fail
      </button>
      <output>{said}</output>
    </fieldset>
  );
}

function knownName(): string {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

function keepName(name: string) {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // Then it is asked for again.
  }
}
