export { type Landmark, landmarks } from '../src/subjects/landmarks.ts';
