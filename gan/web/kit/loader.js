// All that Streamlit sends of a component, with each change of its data: this fetches the component's
// module from the server, and says what went wrong where it cannot be shown.

const url = new URL("ADDRESS", document.baseURI);

/** @type {Promise<{ default: (view: object) => unknown }> | undefined} */
let asked;

/** @param {{ parentElement: HTMLElement | ShadowRoot }} view */
export default async (view) => {
  const module = (asked ??= import(url.href));
  const place = view.parentElement;
  const said = place.querySelector(".unshown");
  let show;
  try {
    show = (await module).default;
    const end = show(view);
    said?.remove();
    return end;
  } catch (error) {
    console.error(error);
    const { message } = /** @type {Error} */ (error);
    // The next message asks again, by another address: browsers remember that one failed.
    if (!show && asked === module) {
      asked = undefined;
      url.search = String(Date.now());
    }
    const note = said ?? document.createElement("p");
    note.setAttribute("role", "alert");
    note.className = "live-note unshown";
    // All browsers speak of a module where they could not fetch one.
    note.textContent =
      !show && /module/.test(message)
        ? "This part of the page could not be fetched from the server. If it does not come by itself, reload the page."
        : `This part of the page failed: ${message}. The rest of the page works. A reload starts this part anew.`;
    place.prepend(note);
  }
};
