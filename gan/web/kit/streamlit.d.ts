/** What Streamlit (1.67, components v2) hands to a component, as far as this app uses it. */

/** Where a component draws: an element of the page, or a shadow root where its styles are isolated. */
export type Place = HTMLElement | ShadowRoot;

/** Tells Python something once: the value is there for the run of the script that follows. */
export type Trigger = (name: string, value: unknown) => void;

export interface Message<Data> {
  /** What Python passed as `data`: what JSON can say, or bytes. */
  data: Data;
  parentElement: Place;
  setTriggerValue: Trigger;
}

/**
 * A component's default export. It is called again, for the same place, whenever the data or the theme change. The
 * cleanup that it returns is called once the place has left the page; and, while the place is still there, that of a
 * call which a newer message overtook before the component's code was loaded.
 */
export type StreamlitComponent<Data> = (message: Message<Data>) => () => void;
