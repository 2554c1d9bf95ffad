import { canonicalNetwork } from '../runtime/network-range.ts';
import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { problem, repeats } from './setting-rule.ts';
import type { SettingRule } from './setting-rule.ts';

/** Rules between the settings of trunks. */
export const TRUNK_RULES: readonly SettingRule[] = [
  { needs: ['trunks'], check: trunkNamesDiffer },
  { needs: ['trunks'], check: trunksHaveSources },
  { needs: ['trunks'], check: networksDiffer },
  { needs: ['trunks'], check: codecsDiffer },
  { needs: ['trunks'], check: certificatesHaveKeys },
  { needs: ['trunks'], check: numberRulesFit },
];

/** Nobody could call over a trunk that has no address. */
function trunksHaveSources({ trunks }: Config): readonly ConfigProblem[] {
  return trunks.flatMap(({ allowFrom, hosts, register }, index) => {
    if (allowFrom.length > 0 || hosts.length > 0 || register !== null) return [];
    const expected = 'at least one address or network, as there are neither hosts nor register';
    return [problem(['trunks', index, 'allowFrom'], allowFrom, expected)];
  });
}

function certificatesHaveKeys({ trunks }: Config): readonly ConfigProblem[] {
  return trunks.flatMap(({ tls }, index) => {
    if (tls === null || (tls.certFile === null) === (tls.keyFile === null)) return [];
    const missing = tls.certFile === null ? 'certFile' : 'keyFile';
    const other = tls.certFile === null ? 'keyFile' : 'certFile';
    return [problem(['trunks', index, 'tls', missing], null, `a PEM file, to go with ${other}`)];
  });
}

function numberRulesFit({ trunks }: Config): readonly ConfigProblem[] {
  return trunks.flatMap(({ numbers }, trunkIndex) =>
    (['called', 'caller'] as const).flatMap((list) =>
      numbers[list].flatMap(({ minDigits, maxDigits }, index) => {
        if (minDigits <= maxDigits) return [];
        const path = ['trunks', trunkIndex, 'numbers', list, index, 'maxDigits'];
        return [problem(path, maxDigits, 'at least minDigits')];
      }),
    ),
  );
}

function trunkNamesDiffer({ trunks }: Config): readonly ConfigProblem[] {
  return repeats(
    trunks,
    (trunk) => trunk.name.toLowerCase(),
    (index, earlier, { name }) =>
      problem(['trunks', index, 'name'], name, `a name that trunks[${earlier}] does not have`),
  );
}

function networksDiffer({ trunks }: Config): readonly ConfigProblem[] {
  const networks = trunks.flatMap((trunk, trunkIndex) =>
    trunk.allowFrom.map((network, index) => ({ network, trunkIndex, index })),
  );
  return repeats(
    networks,
    ({ network }) => canonicalNetwork(network),
    (_, earlier, { network, trunkIndex, index }) =>
      problem(
        ['trunks', trunkIndex, 'allowFrom', index],
        network,
        `a network that trunks[${networks[earlier]?.trunkIndex ?? 0}] does not have already`,
      ),
  );
}

function codecsDiffer({ trunks }: Config): readonly ConfigProblem[] {
  return trunks.flatMap((trunk, trunkIndex) =>
    repeats(
      trunk.codecs,
      (codec) => codec,
      (index, _, codec) =>
        problem(['trunks', trunkIndex, 'codecs', index], codec, 'every codec once'),
    ),
  );
}
