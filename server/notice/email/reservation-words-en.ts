import type { Occasion, Opening, ReservationWords } from './reservation-words.ts';

const UNTITLED = 'Conference call';

/** Messages about reservations in English. */
export const englishWords: ReservationWords = {
  untitled: UNTITLED,
  greeting: 'Hello,',
  openings: {
    invitation: (occasion) =>
      opening(occasion, { subject: 'Invitation', eyebrow: 'Invitation' }, [
        occasion.organiser === null
          ? 'You are invited to a conference call.'
          : `${occasion.organiser} invites you to a conference call.`,
      ]),
    reminder: (occasion) =>
      opening(occasion, { subject: 'Reminder', eyebrow: 'Reminder' }, [
        occasion.startDay === 'today'
          ? `This is a reminder of your conference call. It starts today at ${occasion.clock}.`
          : 'This is a reminder of your conference call.',
      ]),
    starting: (occasion) =>
      opening(occasion, { subject: 'Starting now', eyebrow: 'Starting now' }, [
        occasion.organiser === null
          ? 'You are invited to a conference call that is starting now. You can already join.'
          : `${occasion.organiser} invites you to a conference call that is starting now. You can already join.`,
      ]),
    update: (occasion) =>
      opening(occasion, { subject: 'Updated', eyebrow: 'Change' }, [
        'The conference call has been changed. What stands in this message is valid; please ignore what you were sent before.',
      ]),
    cancellation: (occasion) =>
      occasion.standing === 'deleted'
        ? opening(occasion, { subject: 'Cancelled', eyebrow: 'Cancellation' }, [
            'The conference call has been cancelled. Its number and PIN no longer work.',
          ])
        : opening(occasion, { subject: 'Invitation withdrawn', eyebrow: 'Cancellation' }, [
            'Your invitation to this conference call has been withdrawn.',
          ]),
    'organiser-booked': (occasion) =>
      opening(occasion, { subject: 'Booked', eyebrow: 'Booking confirmed' }, [
        'Your conference call is booked. Here is everything about it.',
      ]),
    'organiser-changed': (occasion) =>
      opening(occasion, { subject: 'Changed', eyebrow: 'Changes saved' }, [
        'The changes to your conference call have been saved. This is what is valid now.',
      ]),
    'organiser-deleted': (occasion) =>
      opening(occasion, { subject: 'Deleted', eyebrow: 'Deletion' }, [
        'Your conference call has been deleted. Its number and PINs no longer work.',
        ...(occasion.guests === 'told'
          ? ['Those who were invited by e-mail are told that it is cancelled.']
          : []),
      ]),
    'organiser-guessing': (occasion) =>
      opening(occasion, { subject: 'Wrong PINs', eyebrow: 'Warning' }, [
        'Somebody has entered wrong PINs for this conference call several times. They may be trying to guess it.',
        'Further attempts are refused for a while. Whoever knows the right PIN can still join.',
      ]),
  },
  when: 'When',
  organiser: 'Organiser',
  accessNumber: 'Dial',
  onNetOnly: 'only from telephones on our network',
  number: 'Conference number',
  pin: 'PIN',
  adminPin: 'ADMIN PIN',
  entryFrom: 'Entry from',
  joinLink: 'Link for participants',
  moderatorLink: 'Link for moderators',
  moderatorLinkHint: 'please do not pass it on to participants',
  note: 'From the organiser',
  invitedByEmail: 'Invited by e-mail',
  invitedBySms: 'Invited by SMS',
  andMore: (count) => `and ${count} more`,
  callButton: (shown) => `Call ${shown}`,
  moderatorCallButton: (shown) => `Call as moderator: ${shown}`,
  browserButton: 'Join in the browser',
  moderatorBrowserButton: 'Join as moderator in the browser',
  panelButton: 'Open in the panel',
  newPinsButton: 'Get new PINs in the panel',
  stepsTitle: 'How to join by phone',
  steps: (numbers) => [
    `Call ${numbers.map(dialled).join(' or ')}.`,
    'After the greeting, press\u00a01.',
    'Enter the conference number, then the PIN. You can end each of them with the hash key (#).',
  ],
  oneTapHint: 'On a phone, one tap on “Call” also dials the conference number and the PIN.',
  moderatorHint:
    'Who enters the ADMIN PIN instead of the PIN is a moderator. Please do not pass it on to participants.',
  guessingStepsTitle: 'What you can do',
  guessingSteps: [
    'If the PIN may have got into the wrong hands, get new PINs in the panel. Those you invited are sent them.',
    'During the conference, a moderator can lock the room once everybody is there.',
    'If it was one of your guests who mistyped, there is nothing to do.',
  ],
  footer: (brand) => `Sent automatically by ${brand}.`,
  footerOfOrganiser: (brand, organiser) => `Sent automatically by ${brand} for ${organiser}.`,
  replyHint: 'Your answer to this message goes to the organiser.',
  noReplyHint: 'Please do not answer it.',
  invitation: ({ title, organiser }) => {
    const named = title === '' ? '' : ` “${title}”`;
    return organiser === null
      ? `You are invited to the conference call${named}.`
      : `${organiser} invites you to the conference call${named}.`;
  },
  byPhone: 'By phone',
  oneTap: 'One tap',
  byBrowser: 'In the browser',
  category: 'Conference call',
};

function opening(
  { title, start }: Occasion,
  names: { readonly subject: string; readonly eyebrow: string },
  paragraphs: readonly string[],
): Opening {
  const heading = title === '' ? UNTITLED : title;
  return {
    subject: `${names.subject}: ${heading} – ${start}`,
    eyebrow: names.eyebrow,
    heading,
    paragraphs,
  };
}

function dialled({ shown, reach }: { readonly shown: string; readonly reach: string }): string {
  return reach === 'on-net' ? `${shown} (only from telephones on our network)` : shown;
}
