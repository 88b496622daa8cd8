/** The form for annotating a case, saved as a score of `human:NAME`. */

import { useState } from 'preact/hooks';
import type { Annotate } from '../data/source.ts';
import { store, stored } from '../storage.ts';
import { useKey } from './use-key.ts';

const NAME = 'name';

export function Judge({ caseId, annotate }: { caseId: string; annotate: Annotate }) {
  const [name, setName] = useState(() => String(stored(NAME) ?? ''));
  const [note, setNote] = useState('');
  const [score, setScore] = useState('');
  const [said, setSaid] = useState('');
  const isNamed = name.trim() !== '';
  const judge = async (score: number) => {
    if (!isNamed) return setSaid('Enter your name first.');
    try {
      await annotate({ caseId, name, score, note: note === '' ? null : note });
      store(NAME, name);
      setSaid(`Saved as human:${name}.`);
    } catch (error) {
      setSaid((error as Error).message);
    }
  };
  useKey('p', () => judge(1));
  useKey('f', () => judge(0));
  return (
    <fieldset class="judge">
      <legend>Your judgement</legend>
      <Field label="Name" value={name} onInput={setName} />
      <Field label="Note" value={note} onInput={setNote} />
      <button type="button" disabled={!isNamed} onClick={() => judge(1)} title="Pass (p)">
        Pass
      </button>
      <button type="button" disabled={!isNamed} onClick={() => judge(0)} title="Fail (f)">
        Fail
      </button>
      <Field label="Score" value={score} onInput={setScore} />
      <button
        type="button"
        disabled={!isNamed || score.trim() === '' || !Number.isFinite(Number(score))}
        onClick={() => judge(Number(score))}
      >
        Save score
      </button>
      <output>{said}</output>
    </fieldset>
  );
}

function Field({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <label class={label.toLowerCase()}>
      {label} <input value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}
