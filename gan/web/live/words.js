// A line of words that changes while people look on, set as the page's captions are.

import { element, say } from "../kit/dom.js";
import { textOf } from "../kit/message.js";
import { pushed } from "../kit/pushed.js";
import "./styles.js";

class Words {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.line = element("p", "live-words");
    root.append(this.line);
    this.read = textOf;
  }

  /**
   * @param {string} words
   * @param {{ testId: string }} about
   */
  draw(words, { testId }) {
    say(this.line, words);
    this.line.dataset.testid = testId;
  }
}

export default pushed(Words);
