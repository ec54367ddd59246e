// All that Streamlit sends of a component, with each change of its data: this fetches the component's
// module from the server, and says what went wrong where it cannot be shown.

const url = new URL("ADDRESS", document.baseURI);

/** @type {Promise<{ default: (view: object) => unknown }> | undefined} */
let asked;

/** @param {{ parentElement: HTMLElement | ShadowRoot }} view */
export default async (view) => {
  asked ??= import(url.href);
  const module = asked;
  const place = view.parentElement;
  const note = place.querySelector(".unshown") ?? document.createElement("p");
  let show;
  try {
    show = (await module).default;
    const end = show(view);
    note.remove();
    return end;
  } catch (error) {
    console.error(error);
    // The next message asks again, by another address: browsers remember that one failed.
    if (!show && asked === module) {
      asked = undefined;
      url.search = `${Date.now()}`;
    }
    note.setAttribute("role", "alert");
    note.className = "live-note unshown";
    // Where they could not fetch it, all browsers speak of a module.
    note.textContent =
      !show && /module/.test(`${error}`)
        ? "This part of the page could not be fetched. If it does not come by itself, reload the page."
        : `This part of the page failed (${error}). The rest of the page works. A reload starts it anew.`;
    place.prepend(note);
  }
};
