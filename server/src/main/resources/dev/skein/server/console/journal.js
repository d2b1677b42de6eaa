// The journal of a run: read as far as one scrolls.

import { get, query } from './api.js';
import { html } from './view.js';
import { Rows } from './rows.js';

const PAGE = 1_000;

export class Journal {
  entries = null;
  next = null;
  chosen = null;

  /// @param choose is given the entry that was clicked
  constructor(path, choose, draw) {
    this.path = path;
    this.chosenIs = choose;
    this.draw = draw;
    this.rows = new Rows('journal', 'Journal', (entry, index, place) => this.row(entry, place), draw);
  }

  /// What was not read yet: of an open run there is always more to come.
  async read() {
    if (this.reading) {
      return;
    }
    this.reading = true;
    try {
      const page = await get(this.path + query({ limit: PAGE, cursor: this.entries?.at(-1)?.place }));
      this.entries = [...(this.entries ?? []), ...page.entries];
      this.more = page.entries.length === PAGE;
    } finally {
      this.reading = false;
    }
    this.draw();
  }

  view() {
    if (!this.entries) {
      return html`<p class="faint">Reading…</p>`;
    }
    return html`${this.rows.view(this.entries, () => this.more && this.read())}
      <p class="faint hint">${this.entries.length} ${this.entries.length === 1 ? 'entry' : 'entries'}${this.more ? ' read so far' : ''}</p>`;
  }

  row(entry, place) {
    const name = entry.key ?? entry.reference ?? entry.name ?? '';
    return html`<li class=${this.chosen === entry ? 'chosen' : ''} .style=${place}><button type="button" @click=${() => this.chosenIs(entry)}>
      <time datetime=${entry.at}>${entry.at.slice(11, 23)}</time><b>${entry.kind}</b><code>${name}</code></button></li>`;
  }
}
