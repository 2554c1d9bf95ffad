import type { PlainUtteranceName } from './plain-utterance.ts';

/** English: one recording for each utterance without parameters. */
export const PHRASES_EN: Readonly<Record<PlainUtteranceName, string>> = {
  welcome: 'Welcome to the conference service.',
  'menu-join': 'To join a conference, press one.',
  'key-unknown': 'There is no such option.',
  'nothing-keyed': 'No key was pressed.',
  goodbye: 'Thank you. Goodbye.',

  'ask-number': 'Enter the conference number, followed by the hash key.',
  'number-unknown': 'There is no conference with this number.',
  'ask-pin': 'Enter the PIN, followed by the hash key.',
  'pin-wrong': 'This PIN is not right.',
  'too-many-tries': 'You have used all your tries.',
  'refused-for-a-while':
    'There were too many wrong tries. Access is blocked for a while. Please call again later.',
  'waiting-for-start': 'Please wait. We will connect you as soon as the room opens.',
  'reservation-over': 'The reservation of this conference is over.',
  'room-locked': 'The moderator has locked this room.',
  'room-full': 'The room is full. Please call again later.',
  'room-full-moderator':
    'The room is full. To remove the last person who joined, and take their place, press one.',
  'entered-first': 'You are the first person in the room. We are waiting for the others.',
  'you-are-moderator': 'You are the moderator.',

  'create-not-allowed': 'You cannot create a conference from this phone.',
  'new-number-taken': 'This number is already taken.',

  'room-menu': 'Room menu. For help, press star. To leave the menu, press eight.',
  'menu-left': 'Back to the conversation.',
  'microphone-off': 'Your microphone is off.',
  'microphone-on': 'Your microphone is on.',
  'muted-by-moderator': 'The moderator has muted you.',
  'hand-raised': 'Your hand is up.',
  'hand-lowered': 'Your hand is down.',
  'lock-on': 'The room is locked.',
  'lock-off': 'The room is unlocked.',
  'last-removed': 'The last person who joined has been removed.',
  'nobody-to-remove': 'There is nobody to remove.',
  'volume-at-limit': 'The volume cannot go any further.',
  'moderator-only': 'This option is for the moderator only.',
  'ask-extension':
    'To extend the reservation by fifteen minutes, press one. By thirty minutes, press two. By sixty minutes, press three.',
  'extension-refused': 'This reservation cannot be extended.',
  'alone-again': 'You are now the only person in the room.',

  'reservation-ended': 'The reservation has come to its end. The conference is over.',
  'removed-by-moderator': 'The moderator has removed you from the conference.',
  'ended-by-moderator': 'The moderator has ended the conference.',
  'room-fault': 'We are sorry, something went wrong. Please call again.',
};
