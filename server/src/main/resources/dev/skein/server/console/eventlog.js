// The log of events: what was published or sent, and who has taken it.

import { get, query, url } from './api.js';
import { html, nothing, repeat, ago, json, empty } from './view.js';

const PAGE = 50;

export class EventLog {
  events = null;
  next = null;
  type = '';

  /// @param again is given an event to be changed and published
  /// @param replay is given the place of one to be published as it is, once more
  constructor(draw, again, replay) {
    this.draw = draw;
    this.again = again;
    this.replay = replay;
  }

  async load(cursor) {
    const type = this.type;
    const page = await get('/api/v1/events' + query({ type, limit: PAGE, cursor }));
    if (type === this.type) {
      this.events = cursor ? [...this.events, ...page.events] : page.events;
      this.next = page.next;
    }
    this.draw();
  }

  /// Unless somebody has gone back in it.
  refresh() {
    if (this.events && this.events.length <= PAGE) {
      this.load().catch(() => {}); // the next time tells
    }
  }

  find(type) {
    this.type = type;
    this.load();
  }

  view() {
    return html`
      <form class="filters" role="search" @submit=${event => event.preventDefault()}>
        <input type="search" aria-label="Type, or what it begins with" placeholder="Any type  /" .value=${this.type} @change=${event => this.find(event.target.value.trim())}>
        <button type="button" class="quiet" @click=${() => this.load()}>Look again</button>
      </form>
      ${this.events === null ? nothing : this.events.length === 0
        ? empty('No event.', 'What is published, or sent to a run as a signal, is kept here.')
        : html`<ol class="acts-list">${repeat(this.events, it => it.number, it => this.row(it))}</ol>`}
      ${this.next ? html`<p class="more"><button type="button" class="quiet" @click=${() => this.load(this.next)}>Older events</button></p>` : nothing}`;
  }

  row({ number, at, sentTo, event, takenBy }) {
    const takers = takenBy.length;
    return html`<li><details>
      <summary><span class="chip ${takers ? 'completed' : 'pending'}">${takers ? `${takers}${takers === 20 ? '+' : ''} listened` : 'nobody listened'}</span>
        <b>${event.type}</b> <span class="who">${event.source}</span> <span class="where mono">${event.id}</span>
        ${sentTo ? html`<span class="chip">sent to ${sentTo}</span>` : nothing}
        <span class="when">${ago(at)}</span></summary>
      ${takers ? html`<p>Taken by ${takenBy.map((id, i) => html`${i ? ', ' : ''}<a class="mono" href="#${url`/runs/${id}`}">${id}</a>`)}</p>` : nothing}
      ${sentTo ? html`<p>Sent to <a class="mono" href="#${url`/runs/${sentTo}`}">${sentTo}</a> alone</p>` : nothing}
      ${json(event)}
      <p class="faint">place ${number} in the log</p>
      ${sentTo ? nothing : html`<p><button type="button" class="quiet" @click=${() => this.replay(number)}>Replay</button> <button type="button" class="quiet" @click=${() => this.again(event)}>Edit and publish…</button></p>`}
    </details></li>`;
  }
}
