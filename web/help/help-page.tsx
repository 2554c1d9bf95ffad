import type { JSX } from 'preact';

import { PriceTable } from '../account/price-table.tsx';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Card } from '../ui/surface.tsx';
import { helpWords as words } from './help-words.ts';
import { MENU_KEYS, type MenuKey } from './keys.ts';

/** How to join, which keys work, what it costs. To be printed too. */
export function HelpPage(): JSX.Element {
  const t = useWords();
  const { settings } = useSession();
  return (
    <Page
      title={t(words.title)}
      lead={t(words.lead)}
      actions={
        <Button icon="print" onClick={() => print()}>
          {t(words.print)}
        </Button>
      }
    >
      <JoiningCard />
      <BrowserCard />
      <KeysCard />
      <BookingCard />
      {settings.sms.offered ? (
        <Card title={t(words.costs)}>
          <p>{t(words.costsText)}</p>
          <PriceTable />
        </Card>
      ) : (
        <Card title={t(words.costs)}>
          <p>{t(words.freeText)}</p>
        </Card>
      )}
    </Page>
  );
}

function JoiningCard(): JSX.Element {
  const t = useWords();
  const { accessNumbers, rules } = useSession().settings;
  return (
    <Card title={t(words.joining)}>
      <ol class="steps">
        <li>
          <p>{t(words.dial)}</p>
          <ul class="numbers">
            {accessNumbers.map((number) => (
              <li key={number.dial}>
                <a class="digits" href={`tel:${number.dial}`}>
                  {number.shown}
                </a>{' '}
                {number.reach === 'on-net' ? <span class="muted">{t(words.onNet)}</span> : null}
              </li>
            ))}
          </ul>
        </li>
        <li>
          {t(words.pressOne.before)} <Keys keys={['1']} /> {t(words.pressOne.after)}
        </li>
        <li>
          {t(words.typeNumber)} <Keys keys={['#']} />
        </li>
        <li>
          {t(words.typePin)} <Keys keys={['#']} />
        </li>
      </ol>
      <p>{t(words.early)(rules.earlyEntryMinutes)}</p>
      <p>{t(words.full)(rules.maxParticipants)}</p>
    </Card>
  );
}

function BrowserCard(): JSX.Element {
  const t = useWords();
  return (
    <Card title={t(words.browser.title)}>
      <p>{t(words.browser.text)}</p>
      <p>{t(words.browser.keys)}</p>
      <p>
        <a href="/join">{t(words.browser.link)}</a>
      </p>
    </Card>
  );
}

function KeysCard(): JSX.Element {
  const t = useWords();
  return (
    <Card title={t(words.keys)}>
      <p>
        {t(words.open.before)} <Keys keys={['*']} />
        {t(words.open.after)}
      </p>
      <div class="columns">
        <KeyList title={t(words.everybody)} keys={MENU_KEYS.filter((key) => key.who === 'all')} />
        <KeyList
          title={t(words.moderator)}
          keys={MENU_KEYS.filter((key) => key.who === 'moderator')}
        />
      </div>
      <p class="muted">{t(words.becoming)}</p>
    </Card>
  );
}

function KeyList({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly MenuKey[];
}): JSX.Element {
  const t = useWords();
  return (
    <div class="stack-small">
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map((key) => (
          <div key={key.keys.join('')}>
            <dt>
              <Keys keys={key.keys} />
            </dt>
            <dd>{t(key.does)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Keys({ keys }: { readonly keys: readonly string[] }): JSX.Element {
  return (
    <span class="nowrap">
      {keys.map((key, place) => (
        <kbd key={place} class="key">
          {key}
        </kbd>
      ))}
    </span>
  );
}

function BookingCard(): JSX.Element {
  const t = useWords();
  const { rules } = useSession().settings;
  return (
    <Card title={t(words.booking)}>
      <ul class="stack-small">
        <li>{t(words.ruleStart)(rules.earliestStartMinutes, rules.latestStartDays)}</li>
        <li>{t(words.ruleLength)(rules.longestDays)}</li>
        <li>{t(words.rulePlaces)(rules.activePerProfile, rules.keptAfterEndMinutes)}</li>
        <li>{t(words.ruleMails)(rules.reminderMinutes)}</li>
        <li>{t(words.ruleAgain)}</li>
        <li>{t(words.rulePin)}</li>
      </ul>
    </Card>
  );
}
