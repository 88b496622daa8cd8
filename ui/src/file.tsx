import { FileSource } from './data/file.ts';
import { draw } from './draw.tsx';

draw(new FileSource(document), null);
