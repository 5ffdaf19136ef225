import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 where the connection closed without an answer. */
  status: number;
  /** Names in lower case; a name that came twice is joined by commas. */
  headers: Record<string, string>;
  body: string;
  text: string;
}

/** Sends the bytes as they are and reads until the server closes or the answer is complete. */
export function sendRaw(port: number, parts: string | Buffer | (string | Buffer)[]) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => socket.destroy(new Error('no answer within 8 s')), 8_000);
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(Buffer.concat(chunks).toString('latin1')));
    };
    socket.on('connect', () => {
      for (const part of [parts].flat()) socket.write(part);
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const answer = parse(Buffer.concat(chunks).toString('latin1'));
      const length = answer.headers['content-length'];
      if (length !== undefined && answer.body.length >= Number(length)) finish();
    });
    socket.on('end', finish);
    socket.on('error', (error) => {
      clearTimeout(timer);
      if (chunks.length > 0) finish();
      else reject(error);
    });
  });
}

/** A request as a well-behaved window sends it; `null` leaves a header out. */
export function request(
  port: number,
  line: string,
  headers: Record<string, string | null> = {},
  body = '',
): string {
  const authority = `127.0.0.1:${port}`;
  const own = line.startsWith('POST')
    ? {
        origin: `http://${authority}`,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      }
    : {};
  const all: Record<string, string | null> = {
    host: authority,
    'sec-fetch-site': 'same-origin',
    ...own,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : `${name}: ${value}`,
  );
  return `${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0),
    headers,
    body: end < 0 ? '' : text.slice(end + 4),
    text,
  };
}
