import { LiveSource } from './data/live.ts';
import { draw } from './draw.tsx';
import { Judge } from './views/judge.tsx';
import { RunList } from './views/run-list.tsx';

const source = new LiveSource(Judge);
draw(source, (onOpen) => <RunList runs={source.runs} onChange={source.onChange} onOpen={onOpen} />);
