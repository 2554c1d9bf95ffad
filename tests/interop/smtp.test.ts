// limit: 120 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifySmtp } from '../../server/notice/email/smtp-transport.ts';
import { memoryLog, sampleMessage } from '../server/notice/email/sample-message.ts';
import { endAll, oddServer, serverWith, settingsFor, transportFor } from './mail-bench.ts';
import { startOddServer } from './mail-server.ts';

test.after.each(endAll);

test('encrypts by STARTTLS before it logs in', async () => {
  const server = await serverWith({ authOptional: false });
  const login = {
    security: 'starttls',
    verifyCertificate: false,
    user: 'konfa',
    password: 'right',
  };

  const outcome = await transportFor(settingsFor(server.port, login)).send(sampleMessage());

  assert.is(outcome.outcome, 'sent');
  assert.is(server.mails[0]?.encrypted, 'encrypted');
  assert.is(server.mails[0]?.user, 'konfa');
});

test('sends nothing, not even a password, to a server without STARTTLS', async () => {
  const heard: string[] = [];
  const port = await oddServer((socket) => {
    socket.write('220 odd\r\n');
    socket.on('data', (data) => {
      heard.push(data.toString());
      socket.write(
        data.toString().startsWith('EHLO') ? '250-odd\r\n250 AUTH PLAIN\r\n' : '502 no\r\n',
      );
    });
  });
  const login = { security: 'starttls', user: 'konfa', password: 'right' };
  const transport = transportFor(settingsFor(port, login));

  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'tls' });
  assert.not.match(heard.join(''), /AUTH|MAIL/u);
  assert.is(transport.health().state, 'failing');
});

test('speaks TLS from the first byte', async () => {
  const server = await serverWith({ secure: true });
  const settings = settingsFor(server.port, { security: 'tls', verifyCertificate: false });

  const outcome = await transportFor(settings).send(sampleMessage());

  assert.is(outcome.outcome, 'sent');
  assert.is(server.mails[0]?.encrypted, 'encrypted');
});

for (const security of ['tls', 'starttls'] as const) {
  test(`believes no certificate that nobody vouches for: ${security}`, async () => {
    const server = await serverWith({ secure: security === 'tls' });
    const settings = settingsFor(server.port, { security });
    const transport = transportFor(settings);

    const outcome = await transport.send(sampleMessage());

    assert.equal(outcome, { outcome: 'retry', reason: 'certificate' });
    assert.is(transport.health().detail, 'certificate');
    assert.is(await verifySmtp(settings), 'certificate');
    assert.is(server.mails.length, 0);
  });
}

test('waits for the administrator when the password is wrong, and logs it nowhere', async () => {
  const server = await serverWith({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
  });
  const settings = settingsFor(server.port, { user: 'konfa', password: 'wrong-secret' });
  const { lines, log } = memoryLog();
  const transport = transportFor(settings, log);

  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'auth' });
  assert.is(transport.health().state, 'failing');
  assert.match(lines.join('\n'), 'auth-535');
  assert.not.match(lines.join('\n'), /wrong-secret|54321/u);
  assert.is(await verifySmtp(settings), 'auth-535');
});

test('gives up a recipient that is refused for good and keeps the connection for the next', async () => {
  const server = await serverWith(
    { disabledCommands: ['STARTTLS'] },
    { rcpt: (address) => (address.startsWith('nobody@') ? 550 : null) },
  );
  const transport = transportFor(settingsFor(server.port, { connections: 1 }));

  const refused = await transport.send(sampleMessage({ to: 'nobody@example.org' }));
  const sent = await transport.send(sampleMessage());

  assert.equal(refused, { outcome: 'failed', reason: 'smtp-550' });
  assert.is(sent.outcome, 'sent');
  assert.is(transport.health().state, 'good');
  assert.is(server.connections(), 1);
});

test('tries a greylisted recipient again', async () => {
  const server = await serverWith({ disabledCommands: ['STARTTLS'] }, { rcpt: () => 451 });

  const outcome = await transportFor(settingsFor(server.port)).send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'smtp-451' });
});

test('takes the answer to the whole message for what it is', async () => {
  const server = await serverWith(
    { disabledCommands: ['STARTTLS'] },
    { data: (attempt) => [554, 452, null][attempt - 1] ?? null },
  );
  const transport = transportFor(settingsFor(server.port));

  assert.equal(await transport.send(sampleMessage()), { outcome: 'failed', reason: 'smtp-554' });
  assert.equal(await transport.send(sampleMessage()), { outcome: 'retry', reason: 'smtp-452' });
  assert.is((await transport.send(sampleMessage())).outcome, 'sent');
});

test('tries again after a connection that broke within the message', async () => {
  const port = await oddServer((socket) => {
    socket.write('220 odd\r\n');
    let inData = false;
    socket.on('data', (data) => {
      if (inData) socket.destroy();
      else if (/^DATA/mu.test(data.toString())) {
        inData = true;
        socket.write('354 go\r\n');
      } else socket.write('250 fine\r\n');
    });
  });
  const transport = transportFor(settingsFor(port));

  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'no-connection' });
  assert.is(transport.health().state, 'failing');
});

test('does not wait for ever for a server that says nothing', async () => {
  const port = await oddServer(() => undefined);
  const settings = settingsFor(port, { timeoutSeconds: 1 });
  const transport = transportFor(settings);

  const begunAtMs = performance.now();
  const outcome = await transport.send(sampleMessage());

  assert.equal(outcome, { outcome: 'retry', reason: 'timeout' });
  assert.ok(performance.now() - begunAtMs < 5_000);
  assert.is(await verifySmtp(settings), 'timeout');
});

test('tries again when nobody listens, and is well again when somebody does', async () => {
  const gone = await startOddServer(() => undefined);
  await gone.close();
  const settings = settingsFor(gone.port);
  const { lines, log } = memoryLog();
  const transport = transportFor(settings, log);

  assert.equal(await transport.send(sampleMessage()), {
    outcome: 'retry',
    reason: 'no-connection',
  });
  assert.equal(await transport.send(sampleMessage()), {
    outcome: 'retry',
    reason: 'no-connection',
  });

  assert.is(transport.health().detail, 'ECONNREFUSED');
  assert.is(await verifySmtp(settings), 'ECONNREFUSED');
  assert.is(lines.filter((line) => line.startsWith('warn')).length, 1);
});

test('goes on over a new connection when the server has closed an idle one', async () => {
  let closed = (): void => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = await serverWith({
    disabledCommands: ['STARTTLS'],
    socketTimeout: 300,
    onClose: () => closed(),
  });
  const transport = transportFor(settingsFor(server.port, { connections: 1 }));

  const first = await transport.send(sampleMessage());
  await isClosed;
  const second = await transport.send(sampleMessage());

  assert.is(first.outcome, 'sent');
  assert.is(second.outcome, 'sent');
  assert.is(server.connections(), 2);
});

test('opens no more connections than it may for many messages', async () => {
  const server = await serverWith({ disabledCommands: ['STARTTLS'] });
  const transport = transportFor(settingsFor(server.port, { connections: 2 }));

  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      transport.send(sampleMessage({ to: `guest${index}@example.org` })),
    ),
  );

  assert.ok(outcomes.every(({ outcome }) => outcome === 'sent'));
  assert.is(new Set(server.mails.flatMap(({ to }) => to)).size, 40);
  assert.ok(server.connections() <= 2);
});

test('settles what is under way when it is closed, and takes nothing more', async () => {
  let called = (): void => undefined;
  const isCalled = new Promise<void>((resolve) => {
    called = resolve;
  });
  const port = await oddServer(() => called());
  const transport = transportFor(settingsFor(port, { timeoutSeconds: 60 }));

  const underWay = transport.send(sampleMessage());
  await isCalled;
  await transport.close();

  assert.equal(await underWay, { outcome: 'retry', reason: 'closed' });
  assert.equal(await transport.send(sampleMessage()), { outcome: 'retry', reason: 'closed' });
});

test('finds nothing wrong with a server that is right, for konfa check', async () => {
  const server = await serverWith({ authOptional: false });
  const login = {
    security: 'starttls',
    verifyCertificate: false,
    user: 'konfa',
    password: 'right',
  };

  assert.is(await verifySmtp(settingsFor(server.port, login)), null);
  assert.is(server.mails.length, 0);
});

test.run();
