import { render } from 'preact';
import { FileSource } from './data/file.ts';
import { LiveSource } from './data/live.ts';
import { App } from './views/app.tsx';

const isFile = document.getElementById('runstore-index') !== null;
const root = document.getElementById('page');
if (root !== null) render(<App source={isFile ? new FileSource(document) : new LiveSource()} />, root);
