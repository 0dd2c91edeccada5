import type { Random } from '../../src/random.ts';
import { ACTIVITY } from './constants.ts';
import { logistic, pick } from './draws.ts';
import { INTENTS, type Intent, PHRASES, type Tone } from './phrases.ts';

export interface Message {
  readonly subject: string;
  readonly body: string;
}

/** What shapes a message: the latent engagement, how far the deal is, and who writes to whom. */
export interface Occasion {
  readonly language: 'th' | 'en';
  readonly direction: 'in' | 'out';
  readonly engagement: number;
  readonly stage: number;
  readonly name: string;
  readonly short: boolean;
}

/** A message whose tone and intents follow the engagement with noise. What goes out tells less than what comes in. */
export function message(occasion: Occasion, draw: Random): Message {
  const phrases = PHRASES[occasion.language];
  const heard = occasion.direction === 'in' ? 1 : 0.4;
  const tone = toneOf(heard * occasion.engagement + ACTIVITY.tone.sd * draw.normal());
  let intent: Intent | undefined;
  for (const name of INTENTS) {
    const law = ACTIVITY.intents[name];
    const chance = logistic(law.base + heard * law.engagement * occasion.engagement + law.stage * (occasion.stage - 2));
    if (draw.uniform() < chance && intent === undefined) intent = name;
  }
  const words = pick(phrases[occasion.direction][tone], draw);
  const point = intent ? pick(phrases.intent[intent], draw) : '';
  const gap = occasion.language === 'th' ? '' : ' ';
  if (occasion.short)
    return { subject: '', body: point && draw.uniform() < 0.5 ? point : `${words}${point ? gap + point : ''}` };
  const subject = pick(phrases.subject[intent ?? 'none'], draw);
  const body = `${pick(phrases.hello, draw)}${gap}${occasion.name}\n${words}${point ? gap + point : ''}\n${pick(phrases.bye, draw)}`;
  return { subject, body };
}

function toneOf(feeling: number): Tone {
  if (feeling > ACTIVITY.tone.warm) return 'warm';
  return feeling < ACTIVITY.tone.cold ? 'cold' : 'plain';
}
