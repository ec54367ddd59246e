// Heavy requests to the server: jobs of its engine, with a place in line, progress and an end by whoever asked.

/**
 * How far a request is: how many are before it, or how much is done, 0 to 1, of what.
 * @typedef {{ state: "waiting", place: number } | { state: "working", share: number, doing: string }} RequestState
 */
/**
 * @typedef {object} Options
 * @property {(state: RequestState) => void} [onState]
 * @property {AbortSignal} [signal] cancels it
 */

const LOOK_EVERY = 250; // ms
const AGAIN = "Drawing goes on without it. Try again in a moment.";

/** A request that the server would not or could not do: its message says why, its hint what to do. */
export class Refused extends Error {
  /**
   * @param {string} error
   * @param {string} [hint]
   */
  constructor(error, hint = "") {
    super(error);
    this.hint = hint;
  }
}

/**
 * The result of a request. Throws Refused; and an AbortError once `signal` says so.
 * @param {string} base the address of requests
 * @param {object} request what gan/server/request_routes.py asks for
 * @param {Options} [options]
 * @returns {Promise<any>} any: each kind of request has its own result
 */
export async function askServer(base, request, { onState, signal } = {}) {
  const { ticket } = await answer(
    fetch(base, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
    }),
  ); // not to be aborted: without its ticket, nobody could cancel it
  if (typeof ticket !== "string") throw new Refused("The server's answer cannot be read.", AGAIN);
  const place = `${base}/${ticket}`;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const told = await answer(fetch(place, { signal }));
      if (told.state === "done") return told.result;
      if (told.state === "refused") throw new Refused(told.error, told.hint);
      if (told.state === "cancelled") throw new Refused("It was cancelled.");
      onState?.(told);
      await rest(signal);
    }
  } catch (error) {
    if (signal?.aborted) fetch(place, { method: "DELETE", keepalive: true }).catch(() => {});
    throw error;
  }
}

/**
 * @param {Promise<Response>} asked
 * @returns {Promise<any>} any: what the server says is looked at by who asks
 */
async function answer(asked) {
  const response = await asked.catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refused("The server does not answer.", AGAIN);
  });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(told.error ?? `The server answered ${response.status}.`, told.hint);
  return told;
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function rest(signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, LOOK_EVERY);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * How the state of a request reads.
 * @param {RequestState} told
 */
export function stateWords(told) {
  if (told.state === "working") return `${told.doing}: ${Math.round(100 * told.share)}%`;
  return told.place === 0 ? "Next in line" : `${told.place} before this one in line`;
}

/**
 * 784 bytes as text, for a request.
 * @param {Uint8Array} bytes
 */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * And back: bytes of a text.
 * @param {string} text
 */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
