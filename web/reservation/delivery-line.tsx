import type { JSX } from 'preact';

import type { NoticeView, ReservationView } from '../../server/panel/api/reservation-api.ts';
import { api } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { money } from '../money.ts';
import { useSession } from '../session.tsx';
import { shortMoment } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Badge, type BadgeTone } from '../ui/surface.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import { atMoment } from './at-moment.ts';
import { noticeTone } from './notice-view.ts';
import { noticeKindWords, noticeReason, noticeStateWords } from './notice-words.ts';
import { reservationResource } from './paths.ts';

const words = {
  resend: { pl: 'Wyślij ponownie', en: 'Send again' },
  resendTo: {
    pl: (what: string, who: string) => `Wyślij ponownie: ${what}, ${who}`,
    en: (what: string, who: string) => `Send again: ${what}, ${who}`,
  },
  resent: { pl: 'Wiadomość zostanie wysłana ponownie', en: 'The message will be sent again' },
  due: { pl: (when: string) => `wyjdzie ${when}`, en: (when: string) => `goes out ${when}` },
} as const;

const TONES: Readonly<Record<ReturnType<typeof noticeTone>, BadgeTone>> = {
  good: 'good',
  waiting: 'info',
  bad: 'bad',
  neutral: 'neutral',
};

/** One message: what it is, what came of it, when, why not, what it cost; and a button that sends it again. */
export function DeliveryLine({
  notice,
  reservation,
  nowMs,
  reload,
}: {
  readonly notice: NoticeView;
  readonly reservation: ReservationView;
  readonly nowMs: number;
  readonly reload: () => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const { settings } = useSession();
  const reason = noticeReason(notice, language);
  const { costMilli, state } = notice;
  const style = { language, zone: reservation.zone };
  const at = (instant: string): string => atMoment(instant, nowMs, style);
  const moment = (instant: string): string => shortMoment(instant, nowMs, style);
  return (
    <div class="delivery-line">
      <span class="delivery-kind">{noticeKindWords(notice.kind, language)}</span>
      <Badge tone={TONES[noticeTone(state)]}>{t(noticeStateWords[state])}</Badge>
      <span class="muted small">
        {state === 'pending' ? t(words.due)(at(notice.dueAt)) : moment(notice.stateAt)}
        {costMilli === null || costMilli === 0
          ? ''
          : ` · ${money(costMilli, settings.sms.currency, language)}`}
      </span>
      {notice.mayResend ? <Resend {...{ notice, reservation, reload }} /> : null}
      {reason === null ? null : <p class="delivery-reason small">{reason}</p>}
    </div>
  );
}

function Resend({
  notice,
  reservation,
  reload,
}: {
  readonly notice: NoticeView;
  readonly reservation: ReservationView;
  readonly reload: () => void;
}): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const say = useToast();
  const submit = useSubmit();
  const { settings } = useSession();
  const { noticeId, recipient, kind, costMilli } = notice;
  // An SMS costs as much again.
  const price =
    costMilli === null || costMilli === 0
      ? ''
      : ` (${money(costMilli, settings.sms.currency, language)})`;
  const path = reservationResource(
    reservation.reservationId,
    `/notices/${encodeURIComponent(noticeId)}/resend`,
  );
  return (
    <>
      <Button
        size="small"
        busy={submit.busy}
        label={`${t(words.resendTo)(noticeKindWords(kind, language), recipient)}${price}`}
        onClick={() =>
          submit.run(async () => {
            await api.send('POST', path);
            say(t(words.resent));
            reload();
          })
        }
      >
        {t(words.resend)}
        {price}
      </Button>
      <ErrorSummary error={submit.error} />
    </>
  );
}
