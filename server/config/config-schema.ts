import { z } from 'zod';

import {
  accountSettings,
  httpSettings,
  retentionSettings,
  webhookSettings,
} from './http-settings.ts';
import { mediaSettings } from './media-settings.ts';
import { noticeSettings } from './notice-settings.ts';
import {
  guessingSettings,
  ivrSettings,
  permanentRoomSettings,
  promptSettings,
  reservationSettings,
  roomSettings,
  warningSettings,
} from './room-settings.ts';
import { network, oneOf, text, wholeNumber } from './setting-field.ts';
import { accessNumberSettings, numberSettings, sipSettings } from './sip-settings.ts';
import { trunkSettings } from './trunk-settings.ts';
import { joinLinkSettings, turnSettings, webrtcSettings } from './webrtc-settings.ts';

/** The whole config file: the one source of the parser, of the defaults and of `config.schema.json`. */
export const configSchema = z
  .strictObject({
    $schema: z
      .string({ error: 'the path of config.schema.json' })
      .optional()
      .describe('Path of config.schema.json, for completion in editors.'),
    sip: sipSettings,
    media: mediaSettings,
    webrtc: webrtcSettings,
    turn: turnSettings,
    joinLinks: joinLinkSettings,
    trunks: trunkSettings,
    numbers: numberSettings,
    accessNumbers: accessNumberSettings,
    permanentRooms: permanentRoomSettings,
    rooms: roomSettings,
    reservations: reservationSettings,
    guessing: guessingSettings,
    warnings: warningSettings,
    ivr: ivrSettings,
    http: httpSettings,
    accounts: accountSettings,
    notices: noticeSettings,
    webhooks: webhookSettings,
    retention: retentionSettings,
    limits: z
      .strictObject({
        maxCalls: wholeNumber(1, 100_000)
          .default(2000)
          .describe('Most calls at once over all trunks; more are answered 503.'),
      })
      .prefault({})
      .describe('Limits of the whole server.'),
    metrics: z
      .strictObject({
        allowFrom: z
          .array(network())
          .default(['127.0.0.0/8', '::1'])
          .describe("Who may read /metrics (Prometheus) on the panel's socket. None: nobody."),
      })
      .prefault({})
      .describe('Figures for monitoring.'),
    control: z
      .strictObject({
        socket: text('the path of a socket, or null')
          .nullable()
          .default('data/konfa.sock')
          .describe(
            'Where `konfa trace`, `konfa trunks` and `konfa bans` reach the running server. null: nowhere. Relative to the folder of this file.',
          ),
      })
      .prefault({})
      .describe('A local socket that only the user who runs the server can open.'),
    prompts: promptSettings,
    database: z
      .strictObject({
        file: text('the path of a file')
          .default('data/konfa.db')
          .describe(
            'SQLite database; made when it is missing. Relative to the folder of this file.',
          ),
      })
      .prefault({})
      .describe('Where reservations and the call log are kept.'),
    log: z
      .strictObject({
        level: oneOf(['error', 'warn', 'info', 'debug'])
          .default('info')
          .describe('The least important lines that are written.'),
        file: text('the path of a file, or null')
          .nullable()
          .default(null)
          .describe('Log file, reopened on SIGHUP. null: standard error.'),
      })
      .prefault({})
      .describe('The log, one JSON object a line.'),
  })
  .describe('Configuration of Konfa.');
