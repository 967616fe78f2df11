const LONGEST = 64;

/** "Did you mean …?" for the candidate nearest to what was written, undefined where none is near. */
export function suggest(written: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(written);
  const wantedLast = lastPart(wanted);
  let best = { candidate: '', distance: Number.POSITIVE_INFINITY };
  for (const candidate of candidates) {
    const known = simplify(candidate);
    // A right name in the wrong class, or without one, is nearly as good as a misspelt one.
    const distance = Math.min(editDistance(wanted, known), editDistance(wantedLast, lastPart(known)) + 0.5);
    if (distance < best.distance) best = { candidate, distance };
  }
  return best.distance <= Math.max(1, wantedLast.length / 3) ? `Did you mean ${best.candidate}?` : undefined;
}

const simplify = (name: string): string => name.slice(0, LONGEST).toLowerCase();
const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Levenshtein distance; both texts are short. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost));
    }
    row = next;
  }
  return row[right.length]!;
}
