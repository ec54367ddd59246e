// What both components share: their place on the page, what Python hands them, and how they say that it is broken.

/** Splits what explorer.py packs: uint32 length, JSON options, the export. Top-level bytes are all Streamlit can carry. */
function unpack(data) {
  demand(data instanceof Uint8Array && data.length > 4, "it is empty");
  const end = 4 + new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  demand(end <= data.length, "it ends too early");
  return { options: JSON.parse(new TextDecoder().decode(data.subarray(4, end))), generator: data.subarray(end) };
}

/** Shows why nothing can be drawn, in place of `stage`; null takes the message away. */
function showProblem(root, problem) {
  root.querySelector(".stage").hidden = problem !== null;
  const message = root.querySelector(".problem");
  message.hidden = problem === null;
  message.textContent = problem === null ? "" :
    `This network cannot be shown: its export is damaged (${problem}). ` +
    "Nothing else was touched. Choose another network, or export this one again.";
}

/** One component object for each place on the page: Streamlit calls the default export again at every change. */
function mountedAt(places, parentElement, create) {
  let component = places.get(parentElement);
  if (component === undefined) {
    const root = document.createElement("div");
    parentElement.appendChild(root);
    component = create(root);
    places.set(parentElement, component);
  }
  return component;
}
