import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Icon } from '../ui/icon.tsx';
import { shownPhone, type Recipient, type RecipientKind } from './recipients.ts';

const words = {
  remove: { pl: (who: string) => `Usuń ${who}`, en: (who: string) => `Remove ${who}` },
  correct: {
    pl: (who: string, why: string) => `Popraw ${who}: ${why}`,
    en: (who: string, why: string) => `Correct ${who}: ${why}`,
  },
} as const;

/** The entries of a list of recipients. A wrong one is a button that takes it back into the input. */
export function RecipientChips({
  kind,
  list,
  problems,
  onRemove,
  onCorrect,
}: {
  readonly kind: RecipientKind;
  readonly list: readonly Recipient[];
  readonly problems: ReadonlyMap<number, string>;
  readonly onRemove: (index: number) => void;
  readonly onCorrect: (index: number) => void;
}): JSX.Element | null {
  const t = useWords();
  if (list.length === 0) return null;
  return (
    <ul class="chips">
      {list.map((recipient, index) => {
        const problem = problems.get(index);
        const shown = kind === 'phone' ? shownPhone(recipient.address) : recipient.address;
        return (
          <li key={recipient.address} class={problem === undefined ? 'chip' : 'chip chip-wrong'}>
            {problem === undefined ? (
              <ChipText name={recipient.name} shown={shown} />
            ) : (
              <button
                type="button"
                class="chip-text"
                aria-label={t(words.correct)(shown, problem)}
                title={problem}
                onClick={() => onCorrect(index)}
              >
                <Icon name="warning" />
                {shown}
              </button>
            )}
            <button
              type="button"
              class="chip-remove"
              aria-label={t(words.remove)(shown)}
              onClick={() => onRemove(index)}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function ChipText({ name, shown }: { readonly name: string; readonly shown: string }): JSX.Element {
  if (name === '') return <span class="chip-text">{shown}</span>;
  return (
    <span class="chip-text" title={shown}>
      {name} <span class="chip-address">{shown}</span>
    </span>
  );
}
