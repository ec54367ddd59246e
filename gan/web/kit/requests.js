// Heavy requests to the server: jobs of its engine, with a place in line, progress and an end by whoever asked.

const LOOK_EVERY = 250; // ms
const AGAIN = "Drawing goes on without it. Try again in a moment.";

/** A request that the server would not or could not do: its message says why, its hint what to do. */
export class Refused extends Error {
  constructor(error, hint = "") {
    super(error);
    this.hint = hint;
  }
}

/**
 * The result of an errand. base: the address of errands; request: what gan/server/request_routes.py asks for.
 * onState is told { state: "waiting", place } or { state: "working", share, doing }; `signal` cancels it.
 * Throws Refused; and an AbortError once `signal` says so.
 */
export async function errand(base, request, { onState, signal } = {}) {
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

async function answer(asked) {
  let response;
  try {
    response = await asked;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The server does not answer.", AGAIN);
  }
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(told.error ?? `The server answered ${response.status}.`, told.hint);
  return told;
}

function rest(signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, LOOK_EVERY);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}

/** How an errand's state reads. */
export function stateWords({ state, place, share, doing }) {
  if (state === "waiting") return place === 0 ? "Next in line" : `${place} before this one in line`;
  return `${doing}: ${Math.round(100 * share)}%`;
}

/** 784 bytes as text, for a request. */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** And back: bytes of a text. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
