/** `policy.subject.filter`: a regular expression that must match the whole transformed user name (contract §2.3). */
import { RE2JS } from 're2js';
import { err, ok, type Result } from '../../shared/result.ts';

const MAX_PROGRAM = 5_000;

/** Compiles on an engine whose time grows linearly with pattern and text; the error says why a pattern cannot be used. */
export function compileFilter(source: string): Result<(userName: string) => boolean, string> {
  try {
    const pattern = RE2JS.compile(source);
    if (pattern.programSize() > MAX_PROGRAM) return err('is too costly: use smaller repeat counts');
    return ok((userName) => pattern.matches(userName));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : 'unreadable';
    return err(`cannot be used as a regular expression (${reason}); look-around and back-references are not supported`);
  }
}
