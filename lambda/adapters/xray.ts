import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { SendSpan, Span, TraceHeader } from '../core/tracing';

/** What goes before each document (AWS X-Ray Developer Guide, "Sending trace data to AWS X-Ray", using the daemon). */
const HEADER = '{"format": "json", "version": 1}\n';

/** Bytes of a document at most (the same page). A datagram has no more. */
const MOST_BYTES = 64_000;

/**
 * Sends spans as subsegments to the X-Ray daemon, which Lambda runs beside a traced function and names in
 * `AWS_XRAY_DAEMON_ADDRESS` (AWS Lambda Developer Guide, "Working with Lambda environment variables"). One UDP datagram each: nothing
 * is waited for, and what is lost is lost. Without a daemon nothing is sent.
 *
 * By hand, as the SDK for it is large: bundled and minified, aws-xray-sdk-core 3.12 has 113 kB and the Powertools tracer 2.36 has
 * 128 kB, which would bring the replicator from 347 kB to over 450 kB.
 */
export function xraySender(address = process.env.AWS_XRAY_DAEMON_ADDRESS): SendSpan {
  const [, host, port] = /^(?:udp:)?([^\s:]+):(\d+)$/.exec(address ?? '') ?? [];
  if (!host || !port) return () => {};
  let socket: Socket | undefined;
  return (header, span) => {
    try {
      const document = Buffer.from(HEADER + JSON.stringify({ ...segment(span), ...placeOf(header) }));
      if (document.length > MOST_BYTES) return;
      socket ??= openSocket();
      socket.send(document, Number(port), host, () => {});
    } catch {
      // A trace is never worth a failure.
    }
  };
}

function openSocket(): Socket {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  return socket.unref();
}

function placeOf({ trace, parent }: TraceHeader) {
  return { type: 'subsegment', trace_id: trace, parent_id: parent };
}

/** Format: AWS X-Ray Developer Guide, "AWS X-Ray segment documents". Times are in seconds. */
function segment({ name, begin, end, error, annotations, parts = [] }: Span): Record<string, unknown> {
  return {
    name,
    id: randomBytes(8).toString('hex'),
    start_time: begin / 1000,
    end_time: end / 1000,
    ...(error ? { fault: true, cause: { exceptions: [{ id: randomBytes(8).toString('hex'), type: error }] } } : {}),
    ...(annotations ? { annotations } : {}),
    ...(parts.length > 0 ? { subsegments: parts.map(segment) } : {}),
  };
}
