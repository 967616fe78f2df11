/**
 * A form of a screen: Mantine's form, plus a draft that survives a reload of the page (in this tab, without secrets) and the server's
 * sentences beside the fields that they name.
 */
import { type FormErrors, type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { asRequestError, fieldErrors } from '../../api/errors.ts';

export type FormValues = Record<string, unknown>;

type Validate<V> = (values: V) => FormErrors;

export interface ScreenForm<V extends FormValues> {
  form: UseFormReturnType<V, V, Validate<V>>;
  /** The draft of an earlier visit was put back. */
  restored: boolean;
  startOver: () => void;
  /** Forgets the draft: what was typed is now the server's. */
  saved: () => void;
  /** Puts the server's sentences beside their fields. */
  refused: (error: unknown) => void;
}

interface Options<V> {
  /** Names the draft: one per form and object. */
  draft: string;
  initial: V;
  validate: Validate<V>;
  secrets?: (keyof V & string)[];
  /** Names of fields on the wire → names in this form; equal ones need no row. */
  wireNames?: Record<string, keyof V & string>;
}

const NO_SECRETS: never[] = [];

export function useScreenForm<V extends FormValues>(options: Options<V>): ScreenForm<V> {
  const form = useForm<V, V, FormErrors>({
    initialValues: options.initial,
    validate: options.validate,
    validateInputOnBlur: true,
  });
  const draft = useDraft(form, `gatehouse.draft.${options.draft}`, options.secrets ?? NO_SECRETS);
  return {
    form,
    restored: draft.restored,
    startOver: () => {
      form.reset();
      draft.clear();
    },
    saved: draft.end,
    refused: (error) => {
      form.setErrors(translated(fieldErrors(asRequestError(error)), options.wireNames ?? {}));
      focusRefused();
    },
  };
}

/** Takes the keyboard to the first field that was refused. */
export function focusRefused(): void {
  setTimeout(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus(), 0);
}

function translated(errors: Record<string, string>, names: Record<string, string>): FormErrors {
  return Object.fromEntries(Object.entries(errors).map(([field, sentence]) => [names[field] ?? field, sentence]));
}

function useDraft<V extends FormValues>(
  form: UseFormReturnType<V, V, Validate<V>>,
  key: string,
  secrets: (keyof V & string)[],
) {
  const [restored, setRestored] = useState(false);
  const state = useRef<'new' | 'kept' | 'over'>('new');
  const values = form.values;

  useEffect(() => {
    if (state.current !== 'new') return;
    state.current = 'kept';
    const earlier = read<V>(key);
    if (earlier === null) return;
    const initial = form.getInitialValues();
    const values = { ...initial, ...earlier };
    // What was just saved comes back as the object itself, before the form that saved it could forget its draft.
    if (JSON.stringify(values) === JSON.stringify(initial)) return sessionStorage.removeItem(key);
    form.setValues(values);
    setRestored(true);
  }, [form, key]);

  useEffect(() => {
    if (state.current === 'over') return;
    if (!form.isDirty()) {
      sessionStorage.removeItem(key);
      return;
    }
    const kept: Partial<V> = { ...values };
    for (const secret of secrets) delete kept[secret];
    sessionStorage.setItem(key, JSON.stringify(kept));
  }, [form, key, values, secrets]);

  return {
    restored,
    clear: () => {
      sessionStorage.removeItem(key);
      setRestored(false);
    },
    end: () => {
      state.current = 'over';
      sessionStorage.removeItem(key);
    },
  };
}

function read<V>(key: string): Partial<V> | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return typeof value === 'object' && value !== null ? (value as Partial<V>) : null;
  } catch {
    return null;
  }
}
