import type { SipListen, TrunkTlsFiles } from './sip-sockets-options.ts';

/** One end of TLS: its files, and the settings that name them. */
export interface TlsSource {
  readonly id: string;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly caFile: string | null;
  /** `sip.listen[0].certFile`, and so on: whom to blame. */
  readonly settings: Readonly<Record<'certFile' | 'keyFile' | 'caFile', string>>;
}

/** All ends of TLS that have files: certificates of listeners, and trunks. */
export function tlsSources(
  listen: readonly SipListen[],
  trunks: readonly TrunkTlsFiles[],
): readonly TlsSource[] {
  return [
    ...listen.flatMap((row, index) => (row.transport === 'tls' ? ofListener(row, index) : [])),
    ...trunks.map(ofTrunk),
  ];
}

/** The id of a listener's certificate; 0 is the one that is shown unless another bears the name that is asked for. */
export function listenerId(index: number, certificate = 0): string {
  return `listener ${index}/${certificate}`;
}

/** The id of what is shown to a trunk. */
export function trunkId(trunk: string): string {
  return `trunk ${trunk}`;
}

function ofListener(row: SipListen, index: number): readonly TlsSource[] {
  const setting = `sip.listen[${index}].`;
  const certificates = [
    { setting, certFile: row.certFile ?? '', keyFile: row.keyFile ?? '' },
    ...(row.certificates ?? []).map((files, at) => ({
      ...files,
      setting: `${setting}certificates[${at}].`,
    })),
  ];
  return certificates.map(({ certFile, keyFile, setting: prefix }, certificate) => ({
    id: listenerId(index, certificate),
    ...{ certFile, keyFile },
    // Whichever certificate is shown, the same peers get in.
    caFile: row.clientCaFile ?? null,
    settings: {
      certFile: `${prefix}certFile`,
      keyFile: `${prefix}keyFile`,
      caFile: `${setting}clientCaFile`,
    },
  }));
}

function ofTrunk({ trunk, certFile, keyFile, caFile }: TrunkTlsFiles): TlsSource {
  const setting = `trunk ${trunk}: tls.`;
  return {
    id: trunkId(trunk),
    ...{ certFile, keyFile, caFile },
    settings: {
      certFile: `${setting}certFile`,
      keyFile: `${setting}keyFile`,
      caFile: `${setting}caFile`,
    },
  };
}
