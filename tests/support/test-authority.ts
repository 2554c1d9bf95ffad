import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, in files and as texts. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** What a certificate shall say. */
export interface TestCertificateOptions {
  /** subjectAltName as openssl takes it: `DNS:sip.test,IP:127.0.0.1`. */
  readonly names: string;
  readonly subject?: string;
  /** `past`: it has expired; `ending`: it will in less than two days. */
  readonly validity?: 'now' | 'ending' | 'past';
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** From when and to when, in days from now. */
const DAYS = { now: [-1, 60], ending: [-1, 1.5], past: [-20, -10] } as const;

/** A certificate authority for one test, made by openssl in a folder of its own. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'konfa-ca-'));
  readonly caFile = join(this.folder, 'ca.pem');
  readonly ca: string;
  readonly #caKeyFile = join(this.folder, 'ca.key');
  #issued = 0;

  constructor() {
    openssl([
      ...['req', '-x509', ...NEW_KEY, '-days', '90', '-subj', '/CN=authority of a test'],
      ...['-keyout', this.#caKeyFile, '-out', this.caFile],
    ]);
    this.ca = readFileSync(this.caFile, 'utf8');
  }

  issue({ names, subject = 'test', validity = 'now' }: TestCertificateOptions): TestCertificate {
    this.#issued += 1;
    const base = join(this.folder, `issued-${this.#issued}`);
    const [certFile, keyFile] = [`${base}.pem`, `${base}.key`];
    openssl([
      ...['req', '-new', ...NEW_KEY, '-subj', `/CN=${subject}`],
      ...['-keyout', keyFile, '-out', `${base}.csr`],
    ]);
    writeFileSync(`${base}.ext`, `subjectAltName=${names}\n`);
    this.#sign(base, validity);
    const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
    return { certFile, keyFile, cert, key };
  }

  /** Writes a file next to the others. Comes back with its path. */
  write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #sign(base: string, validity: 'now' | 'ending' | 'past'): void {
    writeFileSync(`${base}.index`, '');
    writeFileSync(
      `${base}.conf`,
      [
        '[ca]\ndefault_ca=it\n[it]\ndefault_md=sha256\npolicy=any\nrand_serial=yes\nunique_subject=no',
        `database=${base}.index\nnew_certs_dir=${this.folder}\n[any]\ncommonName=supplied\n`,
      ].join('\n'),
    );
    const [from, to] = DAYS[validity];
    openssl([
      ...['ca', '-batch', '-config', `${base}.conf`, '-cert', this.caFile],
      ...['-keyfile', this.#caKeyFile, '-extfile', `${base}.ext`, '-notext'],
      ...['-startdate', dayText(from), '-enddate', dayText(to)],
      ...['-in', `${base}.csr`, '-out', `${base}.pem`],
    ]);
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** `YYYYMMDDHHMMSSZ`, so many days from now. */
function dayText(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}
