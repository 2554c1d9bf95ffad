import { createSocket } from 'node:dgram';
import { header, parseSip, writeSip } from '../tests/support/sip-text.ts';

// The floor under any server of this kind on Node: answers calls, and for every packet that comes in one goes out.
// No mixing, no jitter buffer, nothing. Run by `bench/run.ts`, which reads the port from its first line.

const sip = createSocket('udp4');
let lastTag = 0;

sip.on('message', (bytes, source) => {
  const request = parseSip(bytes.toString('utf8'));
  if (request.method !== 'INVITE' && request.method !== 'BYE') return;
  lastTag += 1;
  const tag = `floor${lastTag}`;
  const answer = (body: string): void => {
    const copied = ['via', 'from', 'to', 'call-id', 'cseq'].map((name) => {
      const value = header(request, name);
      return [
        name,
        name === 'to' && !value.includes('tag=') ? `${value};tag=${tag}` : value,
      ] as const;
    });
    const contact = ['Contact', `<sip:floor@127.0.0.1:${sip.address().port}>`] as const;
    const text = writeSip('SIP/2.0 200 OK', [...copied, contact], body);
    sip.send(text, source.port, source.address);
  };
  if (request.method === 'BYE') answer('');
  else echo(Number(/^m=audio (\d+) /m.exec(request.body)?.[1] ?? 0), answer);
});

function echo(peerPort: number, answer: (body: string) => void): void {
  const rtp = createSocket({ type: 'udp4', recvBufferSize: 262_144 });
  rtp.on('error', () => undefined);
  rtp.bind(0, '127.0.0.1', () => {
    rtp.connect(peerPort, '127.0.0.1', () => {
      rtp.on('message', (packet) => {
        rtp.send(packet);
      });
      const { port } = rtp.address();
      const body = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\n`;
      answer(body);
    });
  });
}

sip.bind(0, '127.0.0.1', () => {
  process.stdout.write(`${sip.address().port}\n`);
});
