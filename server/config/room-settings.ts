import { z } from 'zod';

import { digits, flag, oneOf, timeZone, text, wholeNumber } from './setting-field.ts';

const announcements = oneOf(['off', 'tone']);

/** Settings under `rooms`. */
export const roomSettings = z
  .strictObject({
    maxParticipants: wholeNumber(2, 1000).default(30).describe('Most people in a room at once.'),
    numberDigits: wholeNumber(4, 9).default(5).describe('Digits of a conference number.'),
    pinDigits: wholeNumber(4, 9).default(5).describe('Digits of a PIN.'),
    adminPinDigits: wholeNumber(4, 12).default(7).describe('Digits of an ADMIN PIN.'),
    earlyEntryMinutes: wholeNumber(0, 120)
      .default(5)
      .describe('How long before the start people may enter.'),
    mayWaitMinutes: wholeNumber(0, 240)
      .default(15)
      .describe('Callers this close to the start may wait on music. 0: nobody waits.'),
    entryTries: wholeNumber(1, 10)
      .default(3)
      .describe('Tries for the number and for the PIN in one call.'),
    announcements: announcements
      .default('tone')
      .describe('What the others hear when somebody enters, unless a room says otherwise.'),
  })
  .prefault({})
  .describe('Rules that hold for every room.');

/** Settings under `permanentRooms`. */
export const permanentRoomSettings = z
  .array(
    z
      .strictObject({
        number: digits(1, 12).describe('Conference number, digits in quotes. Unique.'),
        pin: digits(4, 12).nullable().default(null).describe('PIN. null: nobody is asked for one.'),
        adminPin: digits(4, 12)
          .nullable()
          .default(null)
          .describe('ADMIN PIN, different from the PIN. null: no moderator.'),
        maxParticipants: wholeNumber(2, 1000)
          .nullable()
          .default(null)
          .describe('Most people at once. null: as rooms.maxParticipants says.'),
        name: z.string({ error: 'text' }).default('').describe('Name in logs and lists.'),
        announcements: announcements
          .nullable()
          .default(null)
          .describe('What the others hear on entry. null: as rooms.announcements says.'),
      })
      .describe('A room that is always open and belongs to no organiser.'),
  )
  .default([])
  .describe('Rooms that are always open.');

/** Settings under `reservations`. */
export const reservationSettings = z
  .strictObject({
    earliestStartMinutes: wholeNumber(0, 1440)
      .default(10)
      .describe('Soonest start, counted from booking.'),
    latestStartDays: wholeNumber(1, 3650).default(30).describe('Latest start, from booking.'),
    longestDays: wholeNumber(1, 3650).default(14).describe('Longest reservation.'),
    activePerProfile: wholeNumber(1, 100_000)
      .default(3)
      .describe('Reservations that one profile may have at once.'),
    keptAfterEndMinutes: wholeNumber(0, 525_600)
      .default(60)
      .describe('How long a finished reservation stays listed and keeps its place.'),
    numberRestDays: wholeNumber(0, 3650)
      .default(90)
      .describe('How long a used number is not handed out again.'),
    timeZone: timeZone()
      .default('Europe/Warsaw')
      .describe('Zone of times that are written without one, and of spoken times.'),
    demonstration: flag()
      .default(false)
      .describe('Whether a reservation to try the server with is opened at start.'),
  })
  .prefault({})
  .describe('Rules of booking.');

/** Settings under `guessing`. */
export const guessingSettings = z
  .strictObject({
    limit: wholeNumber(1, 1000).default(5).describe('Wrong PINs after which tries are refused.'),
    windowMinutes: wholeNumber(1, 1440).default(10).describe('Time in which wrong PINs add up.'),
    refuseMinutes: wholeNumber(1, 1440).default(10).describe('How long tries are then refused.'),
  })
  .prefault({})
  .describe('Protection against guessing PINs: per room, caller number and source address.');

/** Settings under `warnings`. */
export const warningSettings = z
  .strictObject({
    moderatorMinutes: wholeNumber(0, 240)
      .default(15)
      .describe('Minutes before the end at which moderators are told, with the key to extend.'),
    allMinutes: z
      .array(wholeNumber(1, 240), { error: 'a list of minutes such as [10, 1]' })
      .default([10, 1])
      .describe('Minutes before the end at which everybody is told.'),
    movedEndMinutes: wholeNumber(0, 60)
      .default(1)
      .describe('Time that people have when the end is moved before now.'),
    deletedSeconds: wholeNumber(0, 600)
      .default(30)
      .describe('Warning before a running conference ends because its reservation was deleted.'),
  })
  .prefault({})
  .describe('Spoken warnings before a conference ends.');

/** Settings under `ivr`. */
export const ivrSettings = z
  .strictObject({
    firstKeySeconds: wholeNumber(1, 120).default(10).describe('Time for the first key.'),
    betweenKeysSeconds: wholeNumber(1, 60).default(5).describe('Time between two keys.'),
    repeats: wholeNumber(0, 10)
      .default(2)
      .describe('How often a question is repeated when no key comes.'),
    keyMap: oneOf(['halonet']).default('halonet').describe('Meaning of the keys in a room.'),
  })
  .prefault({})
  .describe('The conversation by telephone keys.');

/** Settings under `prompts`. */
export const promptSettings = z
  .strictObject({
    language: oneOf(['pl', 'en']).default('pl').describe('Language that callers are spoken to in.'),
    directory: text('the path of a folder, or null')
      .nullable()
      .default(null)
      .describe('Folder with WAV files that replace prompts of the same name.'),
  })
  .prefault({})
  .describe('What callers hear.');
