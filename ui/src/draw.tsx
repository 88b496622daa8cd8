import { render } from 'preact';
import type { Source } from './data/source.ts';
import { App, type List } from './views/app.tsx';

/** Draws the page into the document. `list` is what is shown until a run is chosen; a file has its runs. */
export function draw(source: Source, list: List | null) {
  const help = document.getElementById('help') as HTMLDialogElement;
  help.querySelector('button')?.addEventListener('click', () => help.close());
  const root = document.getElementById('page') as HTMLElement;
  render(<App source={source} list={list} onHelp={() => help.showModal()} />, root);
}
