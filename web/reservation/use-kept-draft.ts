import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { Draft } from './draft.ts';
import { readKeptDraft, writeKeptDraft } from './kept-draft.ts';
import { merge, type Merge } from './merge.ts';

/** A draft that outlives a reload, a lost session and a lost connection. */
export interface KeptDraftState {
  readonly draft: Draft;
  readonly change: (change: (draft: Draft) => Draft) => void;
  /** `Idempotency-Key` of this form. */
  readonly idempotencyKey: string;
  /** `restored`: what was typed earlier was found. */
  readonly origin: 'fresh' | 'restored';
  /** What changed on the server since the restored form was begun; null when nothing did. */
  readonly meanwhile: Merge | null;
  /** Throws away what was typed; the form begins anew with another key. */
  readonly startAfresh: () => void;
  /** Forgets the form, once it was kept on the server. */
  readonly done: () => void;
}

/** Keeps a draft under `name` in this tab's storage as soon as it differs from how it began. */
export function useKeptDraft(name: string, begin: () => Draft): KeptDraftState {
  const [kept, setKept] = useState(() => read(name, begin) ?? fresh(begin));
  const finished = useRef(false);
  const { draft, base, idempotencyKey, origin, meanwhile, touched } = kept;
  useEffect(() => {
    if (touched === 'touched' && !finished.current)
      write(name, writeKeptDraft({ draft, base, idempotencyKey }));
  }, [name, draft, base, idempotencyKey, touched]);
  const change = useCallback((change: (draft: Draft) => Draft) => {
    setKept((before) => ({ ...before, draft: change(before.draft), touched: 'touched' }));
  }, []);
  const startAfresh = useCallback(() => {
    write(name, null);
    setKept(fresh(begin));
  }, [name, begin]);
  const done = useCallback(() => {
    finished.current = true;
    write(name, null);
  }, [name]);
  return { draft, change, idempotencyKey, origin, meanwhile, startAfresh, done };
}

interface Kept {
  readonly draft: Draft;
  readonly base: Draft;
  readonly meanwhile: Merge | null;
  readonly idempotencyKey: string;
  readonly origin: 'fresh' | 'restored';
  readonly touched: 'touched' | 'untouched';
}

function fresh(begin: () => Draft): Kept {
  const draft = begin();
  return {
    draft,
    base: draft,
    meanwhile: null,
    idempotencyKey: newKey(),
    origin: 'fresh',
    touched: 'untouched',
  };
}

/** What was typed is carried over to how the form would begin now: an untouched field follows what is new. */
function read(name: string, begin: () => Draft): Kept | null {
  try {
    const found = readKeptDraft(sessionStorage.getItem(name));
    if (found === null) return null;
    const base = begin();
    const merged = merge(found.draft, found.base, base);
    return {
      draft: merged.draft,
      base,
      meanwhile: merged.theirs.length > 0 ? merged : null,
      idempotencyKey: found.idempotencyKey,
      origin: 'restored',
      touched: 'touched',
    };
  } catch {
    // Storage may be forbidden; the form then begins anew.
    return null;
  }
}

function write(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    // Forbidden or full storage costs only the memory of the draft over a reload.
  }
}

/** `crypto.randomUUID` is missing on pages without https. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
