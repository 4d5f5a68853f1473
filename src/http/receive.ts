import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Delivery, Inbox } from '../ports/store.ts';
import { lineOf } from '../reconcile/line-of.ts';
import type { Answer } from './answer.ts';
import { type BodyRead, type ByteBudget, readBody } from './body.ts';
import { type Admitted, type Endpoint, onlyValue, type Refused, refuse } from './endpoint.ts';
import { parseJsonObject } from './json.ts';

export interface Receiver {
  readonly inbox: Pick<Inbox, 'add' | 'waiting'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly budget: ByteBudget;
  readonly deadlineMs: number;
  /** Deliveries that may wait in the inbox before new ones are sent away. */
  readonly deliveriesWaitingMax: number;
  /** Called when something new is in the inbox. */
  wake(): void;
}

/** When a sender that was sent away may come again, in seconds. */
const retryAfterSeconds = '30';

/**
 * Takes one delivery in: bounds the body, checks who sent it, and answers 202 only when it is in the inbox. Undefined when the
 * sender went away before it could be answered.
 */
export async function receive(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  endpoint: Endpoint,
  receiver: Receiver,
): Promise<Answer | Refused | undefined> {
  const { request, response } = exchange;
  const admitted = admit(request, endpoint);
  if (admitted.kind === 'refused') return admitted;
  if ((await receiver.inbox.waiting()) >= receiver.deliveriesWaitingMax) return crowded();
  if (request.headers.expect !== undefined) response.writeContinue();
  const { budget, deadlineMs } = receiver;
  const body = await readBody(request, { bytesMax: endpoint.bodyBytesMax, deadlineMs, budget });
  try {
    return body.kind === 'read' ? await accept(body.bytes, admitted, { endpoint, receiver }) : unread(body, endpoint);
  } finally {
    budget.giveBack(body.taken);
  }
}

/** Everything that can be said before a byte of the body is read. */
function admit(request: IncomingMessage, endpoint: Endpoint): Admitted | Refused {
  const headers = request.headersDistinct;
  if (request.url?.includes('?')) {
    return refuse(
      400,
      'Nothing is read from the query string.',
      'Leave it out. Secrets belong in headers: addresses are logged.',
    );
  }
  const type = onlyValue(headers, 'content-type') ?? '';
  if (!/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    return refuse(415, 'The body must be JSON.', 'Send Content-Type: application/json.');
  }
  if (headers['content-encoding'] !== undefined) {
    return refuse(415, 'The body must not be compressed.', 'Leave Content-Encoding out.');
  }
  if (Number(request.headers['content-length'] ?? 0) > endpoint.bodyBytesMax) return tooLarge(endpoint);
  return endpoint.admit(headers);
}

interface Door {
  readonly endpoint: Endpoint;
  readonly receiver: Receiver;
}

async function accept(bytes: Buffer, admitted: Admitted, door: Door): Promise<Answer | Refused> {
  const sender = admitted.authenticate(bytes);
  if (sender.kind === 'refused') return sender;
  const json = parseJsonObject(bytes);
  if (json.kind === 'malformed') return refuse(400, json.error, door.endpoint.jsonMend);
  const judged = admitted.judge(json.value, sender.instance);
  switch (judged.kind) {
    case 'refused':
      return judged;
    case 'ignored':
      return { status: 202, body: { status: 'ignored', reason: judged.reason } };
    case 'wanted': {
      const delivery = {
        id: admitted.id,
        origin: door.endpoint.origin,
        event: admitted.event,
        bodyHash: createHash('sha256').update(bytes).digest('hex'),
        receivedAtMs: door.receiver.clock.now(),
        instance: sender.instance,
        payload: judged.payload,
      };
      return record({ ...delivery, line: lineOf(delivery) }, door.receiver);
    }
  }
}

async function record(delivery: Delivery, receiver: Receiver): Promise<Answer | Refused> {
  const { inbox, log, wake } = receiver;
  const { id, origin, event, bodyHash, instance } = delivery;
  const facts = { delivery: id, origin, event, bodyHash, instance };
  const added = await tryAdding(delivery, inbox, log);
  switch (added) {
    case undefined:
      return { ...refuse(503, 'It could not be recorded.', 'Send it again later.'), headers: retryLater() };
    case 'known':
      log.info(facts, 'A delivery came again; it is known.');
      return { status: 202, body: { status: 'known' } };
    case 'reused':
      log.warn(facts, 'A delivery has the id of an earlier one but another body; it is taken as a new one.');
      break;
    case 'added':
      log.info(facts, 'A delivery was recorded.');
  }
  wake();
  return { status: 202, body: { status: 'recorded' } };
}

/** The store's own message goes to the log: it speaks of the disk and holds nothing of the delivery. */
async function tryAdding(delivery: Delivery, inbox: Pick<Inbox, 'add'>, log: Log) {
  try {
    return await inbox.add(delivery);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    log.error({ delivery: delivery.id, error: message }, 'A delivery could not be written to the store.');
    return undefined;
  }
}

function unread(body: Exclude<BodyRead, { kind: 'read' }>, endpoint: Endpoint): Refused | undefined {
  switch (body.kind) {
    case 'too-large':
      return tooLarge(endpoint);
    case 'slow':
      return refuse(408, 'The body did not arrive in time.', 'Send it again, in one go.');
    case 'crowded':
      return crowded();
    case 'gone':
      return undefined;
  }
}

function tooLarge(endpoint: Endpoint): Refused {
  return refuse(
    413,
    `The body is larger than ${endpoint.bodyBytesMax} bytes.`,
    'Send less: what Pawl needs of a delivery is far below that.',
  );
}

function crowded(): Refused {
  const refused = refuse(503, 'Too much is waiting to be worked on.', 'Send it again later.');
  return { ...refused, headers: retryLater() };
}

function retryLater(): Readonly<Record<string, string>> {
  return { 'retry-after': retryAfterSeconds };
}
