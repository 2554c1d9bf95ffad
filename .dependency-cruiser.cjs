// Who may import whom: the table of CONTRIBUTING.md, checked. `npm run imports` runs it.

/** Files and folders that may touch clocks, sockets, the disk and the process. The linter reads the same list. */
const SHELLS = Object.keys(require('./tests/house/shells.json'));

/** Everything may import these. */
const FOR_ALL = ['mixer/protocol/'];

/**
 * What each folder may import besides itself and what is for all. `mixer` and `server` without a slash are the files
 * right in them: the entries.
 */
const MAY_IMPORT = {
  'mixer/protocol/': [],
  'mixer/add-on/': [],
  'mixer/rtp/': [],
  'mixer/codec/': ['mixer/add-on/'],
  'mixer/dsp/': [],
  'mixer/room/': ['mixer/rtp/', 'mixer/codec/', 'mixer/dsp/'],
  'mixer/transport/': ['mixer/rtp/', 'mixer/add-on/'],
  mixer: ['mixer/'],
  'server/runtime/': [],
  'server/config/': ['server/runtime/', 'server/reservation/reservation.ts'],
  'server/sip/': ['server/runtime/'],
  'server/sdp/': [],
  'server/trunk/': ['server/runtime/', 'server/config/config.ts', 'server/sip/'],
  'server/trace/': ['server/runtime/', 'server/sip/'],
  'server/metrics/': ['server/runtime/'],
  'server/control/': ['server/runtime/'],
  'server/numbering/': ['server/config/config.ts', 'server/config/phone-number.ts'],
  'server/address/': ['server/runtime/', 'server/config/config.ts'],
  'server/reservation/': ['server/runtime/'],
  'server/room/': [
    'server/runtime/',
    'server/reservation/reservation.ts',
    'server/prompt/utterance.ts',
  ],
  'server/ivr/': [
    'server/runtime/',
    'server/reservation/reservation.ts',
    'server/room/room-message.ts',
    'server/prompt/',
  ],
  'server/prompt/': ['server/runtime/'],
  'server/call/': [
    'server/runtime/',
    'server/config/',
    'server/sip/',
    'server/sdp/',
    'server/ivr/',
    'server/room/',
    'server/prompt/',
    'server/reservation/',
    'server/guest/',
    'server/numbering/',
    'server/address/',
    'server/panel/api/',
    'server/media/media-pool.ts',
  ],
  'server/media/': ['server/runtime/'],
  'server/account/': ['server/runtime/', 'server/reservation/reservation.ts'],
  'server/notice/': [
    'server/runtime/',
    'server/config/config.ts',
    'server/reservation/',
    'server/account/account-mail.ts',
  ],
  'server/webhook/': [
    'server/runtime/',
    'server/config/config.ts',
    'server/reservation/',
    'server/notice/notice.ts',
  ],
  'server/contact/': ['server/runtime/', 'server/reservation/'],
  'server/guest/': ['server/runtime/', 'server/reservation/', 'server/panel/api/'],
  'server/retention/': [
    'server/runtime/',
    'server/config/config.ts',
    'server/reservation/',
    'server/account/',
    'server/notice/',
    'server/webhook/',
    'server/contact/',
    'server/guest/',
  ],
  'server/panel/api/': [],
  'server/panel/': [
    'server/runtime/',
    'server/config/',
    'server/reservation/',
    'server/account/',
    'server/contact/',
    'server/guest/',
    'server/notice/',
    'server/webhook/',
  ],
  'server/cli/': [
    'server/app.ts',
    'server/compose-organising.ts',
    'server/config/',
    'server/address/',
    'server/call/',
    'server/control/',
    'server/numbering/',
    'server/trace/',
    'server/guest/link-key.ts',
    'server/prompt/',
    'server/reservation/',
    'server/account/',
    'server/notice/',
    'server/webhook/',
    'server/retention/',
    'server/runtime/',
    'db/',
  ],
  server: ['server/', 'db/'],
  'db/': [
    'server/runtime/',
    'server/reservation/',
    'server/account/',
    'server/notice/',
    'server/contact/',
    'server/guest/',
    'server/webhook/',
    'server/retention/',
    'server/panel/kept-answer.ts',
  ],
  'web/': ['server/panel/api/'],
};

const OURS = '^(server|mixer|db|web|tests|bench)/';
const NODE_IO =
  '^(node:)?(net|tls|dgram|http|https|fs|fs/promises|worker_threads|child_process|process|timers|timers/promises|perf_hooks)$';

function escaped(path) {
  return path.replaceAll('.', '\\.');
}

/** A folder ends in a slash and stands for all below it; anything else is a file, or the files right in a folder. */
function pattern(path) {
  if (path.endsWith('/') || path.endsWith('.ts')) return `^${escaped(path)}`;
  return `^${escaped(path)}/[^/]+$`;
}

const folderRules = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `${folder.replace(/\/$/, '').replaceAll('/', '-')}-imports`,
  comment: `What ${folder} may import stands in CONTRIBUTING.md.`,
  severity: 'error',
  from: { path: pattern(folder) },
  to: { path: OURS, pathNot: [folder, ...FOR_ALL, ...others].map(pattern) },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'every-folder-has-its-row',
      comment: 'A new folder says in the table what it may import.',
      severity: 'error',
      from: { path: '^(server|mixer|db|web)/', pathNot: Object.keys(MAY_IMPORT).map(pattern) },
      to: {},
    },
    {
      name: 'no-cycles',
      comment:
        'Types may refer to one another; what is left of them when the program runs may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'db-behind-its-ports',
      comment: 'Only the composition root and the command line know that there is a database.',
      severity: 'error',
      from: { path: '^(server|mixer)/', pathNot: ['^server/[^/]+$', '^server/cli/'] },
      to: { path: '^db/' },
    },
    {
      name: 'shells-only',
      comment:
        'Pure code is handed the time, chance and bytes; tests/house/shells.json lists what is not pure.',
      severity: 'error',
      from: { path: '^(server|mixer|db)/', pathNot: SHELLS.map(pattern) },
      to: { path: NODE_IO },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(server|mixer|db|web)/' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'only-what-is-declared',
      comment: 'A package that package.json does not name may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^(server|mixer|db)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
