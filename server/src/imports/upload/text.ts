/** Bytes to text, as they arrive: UTF-8, with or without a byte order mark, and nothing else. */
import { err, ok, type Result } from '../../shared/result.ts';

export interface TextReader {
  /** The text of these bytes, or the sentence that says why there is none. */
  push(bytes: Uint8Array): Result<string, string>;
  end(): Result<string, string>;
}

const SAVE_AS = 'Save the file as "CSV UTF-8".';

export function createTextReader(): TextReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first: number[] = [];
  let lines = 1;
  const decoded = (decode: () => string): Result<string, string> => {
    try {
      const text = decode();
      const nul = text.indexOf('\0');
      const counted = nul < 0 ? text : text.slice(0, nul);
      for (let at = counted.indexOf('\n'); at >= 0; at = counted.indexOf('\n', at + 1)) lines++;
      if (nul < 0) return ok(text);
      return err(`Line ${lines} holds the character U+0000: this is no text in UTF-8. ${SAVE_AS}`);
    } catch {
      return err(`The file is not UTF-8: there are other bytes on line ${lines} or soon after it. ${SAVE_AS}`);
    }
  };
  return {
    push(bytes) {
      if (first.length < 2) {
        first = [...first, ...bytes.subarray(0, 2)].slice(0, 2);
        const mark = first.join();
        if (mark === '255,254' || mark === '254,255') return err(`The file is UTF-16. ${SAVE_AS}`);
      }
      return decoded(() => decoder.decode(bytes, { stream: true }));
    },
    end: () => decoded(() => decoder.decode()),
  };
}
