/**
 * Tone of English words, written by us for sales mail: 1 mild, 2 plain, 3 strong; what people say when they like an offer,
 * and when they do not. A list and not a trained model, because the labelled English reviews at hand may be measured on
 * but not shipped from. Add a word where it is missing; `npm run quality -- sentiment` says what it does.
 */
const TONES: Readonly<Record<string, string>> = {
  '3': 'excellent outstanding amazing awesome fantastic wonderful perfect brilliant superb thrilled delighted love loved loves exceptional best terrific fabulous',
  '2': 'great impressed impressive excited happy glad pleased enjoy enjoyed recommend recommended recommends favorite favourite delicious beautiful approve approved approves approval agree agreed agrees eager keen success successful successfully win reliable trust trusted valuable effective promising satisfied smooth smoothly seamless superior wow yum yummy tasty addictive hooked confident grateful enthusiastic convinced',
  '1': 'good nice like liked likes thank thanks appreciate appreciated appreciates helpful useful interested interesting easy easily well works fine welcome ready forward progress benefit benefits clear fast quick quickly fresh healthy comfortable support supportive positive improvement improved better convenient fair pleasure resolved solved smart fun rich wonderfully perfectly definitely absolutely always favor',
  '-1': 'concern concerns concerned slow slowly unclear unsure doubt doubts difficult confusing confused complicated late lacking lack weak expensive costly overpriced issue issues unfortunately hesitant hesitate reluctant missing limited sorry busy bland dry stale cheap however although though okay ok average mediocre disappointing weird odd strange lost',
  '-2': 'bad problem problems unhappy dissatisfied disappointed disappointment cancel cancelled canceled cancellation reject rejected decline declined refuse refused complaint complain complained complaints wrong broken broke fail failed fails failure unacceptable frustrated frustrating annoyed annoying upset delay delayed unreliable poor poorly unable impossible unresponsive ignored regret mistake damaged defective refund returned return avoid unfair overcharged rude hate dislike disliked nasty gross bitter sick inferior threw throw unpleasant tasteless waste wasted misleading',
  '-3': 'terrible horrible awful worst useless furious scam fraud disgusting disaster appalling dreadful pathetic unusable garbage inedible lawsuit outrageous incompetent',
};

/** Turns of phrase whose words alone would be misread. Each counts once. */
const PHRASES: readonly (readonly [RegExp, number])[] = [
  [/\blook(?:s|ing)? forward\b/, 1],
  [/\bnext steps?\b|\bmove (?:ahead|forward)\b|\bgo ahead\b|\bget started\b|\bstart soon\b/, 2],
  [/\bmeets? (?:all )?(?:of )?our (?:needs|requirements)\b|\bexactly what\b/, 2],
  [/\bon hold\b|\bleave it for now\b|\bno longer\b|\bnot a priority\b/, -2],
  [/\bbudget (?:was |has been |is )?(?:cut|frozen)\b|\bno budget\b|\bcut our budget\b/, -2],
  [/\bnot interested\b|\bno (?:interest|plans?)\b|\bdecided (?:against|not to)\b/, -2.5],
  [/\banother (?:vendor|supplier|provider)\b|\bwent with\b|\bgoing with (?:another|a different)\b/, -1],
  [/\b(?:does|do|did)(?:n['’]t| not) (?:meet|fit|work)\b/, -2],
  [/\btoo (?:\w+ )?(?:high|slow|late|expensive|long|sweet|salty|small|little|much|strong|hard|many)\b/, -1.5],
  [/\bwaste of (?:money|time)\b|\bnever again\b|\bstay away\b|\bmoney back\b/, -2],
];

const NEGATIONS = new Set("not no never without nothing nobody none neither nor hardly barely cannot can't don't doesn't didn't won't wouldn't isn't wasn't aren't weren't haven't hasn't shouldn't couldn't ain't".split(' ')); // biome-ignore format: a list
const STRONGER = new Set('very really extremely so highly truly super incredibly totally completely quite especially'.split(' ')); // biome-ignore format: a list
const WEAKER = new Set('slightly somewhat little bit fairly rather kinda almost'.split(' '));

const tones = new Map(
  Object.entries(TONES).flatMap(([tone, words]) => words.split(' ').map((word) => [word, Number(tone)] as const)),
);

/** A denied word says the reverse, less strongly: "not great" is milder than "bad". */
const REVERSED = -0.7;
/** How fast the tone saturates: a sum of 3 makes .71. */
const HALF = 9;
const WORD = /[a-z]+(?:['’][a-z]+)?|[.!?;\n]/g;

/**
 * Tone of a normalised English text, -1 to 1, 0 where nothing is said: s / sqrt(s^2 + 9), s = the sum of the tones of
 * its different words, reversed (x -.7) where one of the three words before denies, x 1.3 or x .6 after an adverb of
 * degree; and of its turns of phrase. A word said often counts once, so that repeating it changes nothing.
 */
export function englishTone(text: string): number {
  let sum = 0;
  const met = new Set<string>();
  let denied = 0;
  let degree = 1;
  WORD.lastIndex = 0;
  for (let found = WORD.exec(text); found; found = WORD.exec(text)) {
    const word = found[0].replace('’', "'");
    if (word.length === 1 && word !== 'i' && word !== 'a') {
      denied = 0;
      degree = 1;
      continue;
    }
    const tone = tones.get(word);
    if (NEGATIONS.has(word)) denied = 4;
    else if (STRONGER.has(word)) degree = 1.3;
    else if (WEAKER.has(word)) degree = 0.6;
    if (tone !== undefined) {
      const key = denied > 0 ? `not ${word}` : word;
      if (!met.has(key)) sum += tone * degree * (denied > 0 ? REVERSED : 1);
      met.add(key);
    }
    if (denied > 0) denied--;
    if (!STRONGER.has(word) && !WEAKER.has(word)) degree = 1;
  }
  for (const [phrase, tone] of PHRASES) if (phrase.test(text)) sum += tone;
  return sum / Math.sqrt(sum * sum + HALF);
}
