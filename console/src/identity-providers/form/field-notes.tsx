/** The notes of one field. */
import { FieldNote } from '../../interface/form/field-note.tsx';
import type { Note } from './notes.ts';

export function FieldNotes({ notes }: { notes: Note[] | undefined }) {
  return notes?.map((note) => <FieldNote key={note.text} text={note.text} warning={note.warning} />);
}
