// The thread from the sources: the loader that reads TypeScript for the main thread does not reach others by itself.
import { register } from 'tsx/esm/api';

register();
await import('./batchThread.ts');
