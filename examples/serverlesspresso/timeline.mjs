// What the demo prints: one line for each thing that happened, with the virtual time at which it
// did.

const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = paint('1');
const dim = paint('2');
const colours = {
  event: paint('36'),
  person: paint('35'),
  time: paint('33'),
  good: paint('32'),
  bad: paint('31'),
};

const clockText = (time) => new Date(time).toISOString().slice(11, 19);

export class Timeline {
  #failures = 0;
  #checks = 0;

  title(text) {
    console.log(`\n${bold(text)}`);
  }

  scene(number, text) {
    console.log(`\n${bold(`${number}. ${text}`)}`);
  }

  // `who`: an order, or nothing. `kind` is a member of `colours`.
  line(time, kind, what, who = '', outcome = '') {
    const column = colours[kind](what.padEnd(36));
    console.log(`   ${dim(clockText(time))}  ${column} ${who.padEnd(10)} ${dim(outcome)}`);
  }

  check(isTrue, text) {
    this.#checks += 1;
    if (!isTrue) this.#failures += 1;
    console.log(`   ${isTrue ? colours.good('✓') : colours.bad('✗')} ${text}`);
  }

  // The exit status of the whole.
  end(milliseconds) {
    const seconds = (milliseconds / 1000).toFixed(1);
    const passed = this.#checks - this.#failures;
    const verdict = this.#failures === 0 ? colours.good : colours.bad;
    const outcomes = verdict(`${passed} of ${this.#checks} outcomes as expected`);
    console.log(`\n${outcomes}, in ${seconds} s of real time.`);
    return this.#failures === 0 ? 0 : 1;
  }
}
