import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { problem, repeats } from './setting-rule.ts';
import type { SettingRule } from './setting-rule.ts';

/** Rules between the settings of the panel and of notices. */
export const PANEL_RULES: readonly SettingRule[] = [
  { needs: ['http'], check: certificateWithKey },
  { needs: ['http', 'sip'], check: panelLeavesSip },
  { needs: ['accounts'], check: sessionEnds },
  { needs: ['retention', 'reservations'], check: numbersRest },
  { needs: ['notices'], check: passwordWithUser },
  { needs: ['notices'], check: pricesDiffer },
  { needs: ['notices'], check: providerIsDescribed },
];

function certificateWithKey({ http }: Config): readonly ConfigProblem[] {
  const { certFile, keyFile } = http.listen;
  if ((certFile === null) === (keyFile === null)) return [];
  const key = certFile === null ? 'certFile' : 'keyFile';
  return [problem(['http', 'listen', key], null, 'the path of a PEM file, as the other is given')];
}

function panelLeavesSip({ http, sip }: Config): readonly ConfigProblem[] {
  const { port } = http.listen;
  const taken = sip.listen.findIndex((row) => row.transport !== 'udp' && row.port === port);
  if (taken < 0) return [];
  const expected = `a port that sip.listen[${taken}] does not take already`;
  return [problem(['http', 'listen', 'port'], port, expected)];
}

function sessionEnds({ accounts }: Config): readonly ConfigProblem[] {
  const { sessionDays, longestSessionDays } = accounts;
  if (longestSessionDays >= sessionDays) return [];
  const path = ['accounts', 'longestSessionDays'];
  return [problem(path, longestSessionDays, 'no fewer days than accounts.sessionDays')];
}

/** A number rests as long as its last reservation is remembered. */
function numbersRest({ retention, reservations }: Config): readonly ConfigProblem[] {
  const { reservationDays } = retention;
  if (reservationDays >= reservations.numberRestDays) return [];
  const expected = 'no fewer days than reservations.numberRestDays';
  return [problem(['retention', 'reservationDays'], reservationDays, expected)];
}

function passwordWithUser({ notices }: Config): readonly ConfigProblem[] {
  const { transport, smtp } = notices.email;
  if (transport !== 'smtp' || (smtp.user === null) === (smtp.password === null)) return [];
  const key = smtp.user === null ? 'user' : 'password';
  return [problem(['notices', 'email', 'smtp', key], null, 'text, as the other is given')];
}

function pricesDiffer({ notices }: Config): readonly ConfigProblem[] {
  return repeats(
    notices.sms.prices,
    ({ prefix }) => prefix,
    (index, earlier, { prefix }) =>
      problem(
        ['notices', 'sms', 'prices', index, 'prefix'],
        prefix,
        `a prefix that notices.sms.prices[${earlier}] does not have`,
      ),
  );
}

function providerIsDescribed({ notices }: Config): readonly ConfigProblem[] {
  const { provider, http, smpp, prices } = notices.sms;
  if (provider === 'none') return [];
  const path = (...keys: readonly string[]): readonly string[] => ['notices', 'sms', ...keys];
  const found: ConfigProblem[] = [];
  if (prices.length === 0) found.push(problem(path('prices'), prices, 'at least one price'));
  if (provider === 'http' && http.url === null) {
    found.push(problem(path('http', 'url'), null, 'the address of the gateway'));
  }
  if (provider === 'smpp' && smpp.systemId === null) {
    found.push(problem(path('smpp', 'systemId'), null, 'the system id that the SMS centre gave'));
  }
  return found;
}
