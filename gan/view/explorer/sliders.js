// What the explorer is made of: its page, one slider, the class selector, and what Undo goes back to.

const SAME_GESTURE = 1000; // ms in which changes to one slider count as one step back
const UNDO_STEPS = 100;

const EXPLORER_HTML = `
  <p class="problem" role="alert" data-testid="explorer-error" hidden></p>
  <div class="stage explorer">
    <div class="view">
      <div class="tile"><canvas data-testid="explorer-canvas" role="img"
        aria-label="The digit that the generator draws from z"></canvas></div>
      <fieldset class="classes" role="radiogroup" data-testid="class-selector" hidden>
        <legend>Digit to draw</legend><div class="choices"></div>
      </fieldset>
      <div class="controls">
        <div class="buttons" role="group" aria-label="Change z">
          <button type="button" class="main" data-do="random">Random</button>
          <button type="button" data-do="walk" aria-pressed="false">Walk</button>
          <button type="button" data-do="reset">Reset</button>
          <button type="button" data-do="undo" title="Take back the last change (Ctrl+Z)" disabled>Undo</button>
        </div>
        <dl class="facts">
          <div title="Median time that this browser takes to compute one picture, in milliseconds. Under 16 ms is 60 pictures a second.">
            <dt>ms per picture</dt><dd data-fact="cost">–</dd></div>
          <div data-typical><dt>|z|</dt><dd data-fact="norm">–</dd></div>
        </dl>
        <p class="status" role="status" aria-live="polite"></p>
      </div>
    </div>
    <div class="latent">
      <p class="caption"><b data-fact="size"></b> numbers, one digit. Double-click for 0.</p>
      <div class="sliders" role="group" aria-label="The latent vector z"></div>
    </div>
  </div>`;

/** One number of z: its name, its value, and a native range input. */
class Slider {
  constructor(index, explorer) {
    const name = `z${index + 1}`;
    this.element = document.createElement("label");
    this.element.innerHTML = `<span class="name">${name}</span><output>0.00</output>
      <input type="range" min="${-LIMIT}" max="${LIMIT}" step="0.01" value="0" aria-label="${name}" data-testid="${name}">`;
    this.output = this.element.querySelector("output");
    this.input = this.element.querySelector("input");
    this.input.addEventListener("input", () => explorer.slide(index, this.input.valueAsNumber));
    this.input.addEventListener("change", () => explorer.settle(index));
    this.input.addEventListener("dblclick", () => {
      explorer.slide(index, 0);
      explorer.settle(index);
    });
    this.show(0);
  }

  show(value) {
    const place = (value + LIMIT) / (2 * LIMIT);
    this.input.value = value;
    this.output.textContent = value.toFixed(2);
    this.input.style.setProperty("--from", Math.min(place, 0.5));
    this.input.style.setProperty("--to", Math.max(place, 0.5));
  }
}

/** Which class a conditional network is asked for: radio buttons, so that arrow keys work, and number keys too. */
class ClassSelector {
  constructor(element, explorer) {
    this.element = element;
    this.inputs = [];
    element.addEventListener("change", (event) => explorer.choose(Number(event.target.value)));
    element.addEventListener("keydown", (event) => {
      const input = /^\d$/.test(event.key) ? this.inputs[event.key] : undefined;
      if (!input || input.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
      input.focus();
      input.click();
    });
  }

  /** As many buttons as the network has classes; none hides the selector. */
  build(count) {
    const choices = this.element.querySelector(".choices");
    choices.innerHTML = Array.from({ length: count }, (_, digit) =>
      `<label><input type="radio" name="digit" value="${digit}"><span>${digit}</span></label>`).join("");
    this.inputs = [...choices.querySelectorAll("input")];
    this.element.hidden = count === 0;
  }

  /** Lets people choose only what the network has learned. */
  enable(learned) {
    for (const [digit, input] of this.inputs.entries()) {
      input.disabled = !learned.includes(digit);
      input.parentElement.title = input.disabled ? `This network has not learned the ${digit}.` : "";
    }
  }

  show(digit) {
    if (digit in this.inputs) this.inputs[digit].checked = true;
  }
}

/** Earlier places, for Undo. */
class Past {
  constructor() {
    this.steps = [];
  }

  get empty() {
    return this.steps.length === 0;
  }

  /** Keeps a place. Changes with the same name in quick succession are one step. */
  keep({ z, digit }, name) {
    const last = this.steps.at(-1);
    const now = performance.now();
    if (name !== null && last?.name === name && now - last.time < SAME_GESTURE) {
      last.time = now;
    } else {
      this.steps.push({ name, time: now, z: z.slice(), digit });
      if (this.steps.length > UNDO_STEPS) this.steps.shift();
    }
  }

  takeBack() {
    return this.steps.pop();
  }
}
