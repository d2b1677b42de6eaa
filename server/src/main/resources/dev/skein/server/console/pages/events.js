// What happens, while it happens; and a place to send events from.

import { post, follow, url } from '../api.js';
import { html, nothing, tabs, status, clock, heading, failure, empty, ask } from '../view.js';
import { EventLog } from '../eventlog.js';
import { form } from './acts.js';

const MOST = 300;
const REFRESH_MILLIS = 2_000;
const TABS = { live: 'Live', log: 'Log' };

export class Events {
  title = 'Events';
  seen = [];
  live = false;
  held = false;
  tasks = false;
  error = null;

  tab = 'live';

  constructor(draw) {
    this.draw = draw;
    this.log = new EventLog(draw, event => this.publish(event), number => this.replay(number));
  }

  open() {
    this.ticking = setInterval(() => this.tab === 'log' && this.log.refresh(), REFRESH_MILLIS);
    this.stop = follow('/api/v1/events/stream', {
      connected: live => {
        this.live = live;
        this.draw();
      },
      run: event => this.heard({ kind: 'run', ...event }),
      task: event => this.tasks && this.heard({ kind: 'task', ...event }),
    });
  }

  close() {
    clearInterval(this.ticking);
    this.stop();
  }

  heard(event) {
    if (!this.held) {
      this.seen = [event, ...this.seen].slice(0, MOST);
      this.waiting ??= requestAnimationFrame(() => {
        this.waiting = null;
        this.draw();
      });
    }
  }

  async show(tab) {
    this.tab = tab;
    this.draw();
    if (tab === 'log') {
      try {
        await this.log.load();
        this.error = null;
      } catch (error) {
        this.error = error;
        this.draw();
      }
    }
  }

  async tried(act) {
    try {
      await act();
    } catch (error) {
      this.error = error;
      this.draw();
      return;
    }
    this.error = null;
    if (this.tab === 'log') {
      this.show('log');
    } else {
      this.draw();
    }
  }

  async replay(number) {
    const given = await ask(document.body, form('Replay', [
      { name: 'reason', label: 'Who listens now hears of it once more, because', hint: 'kept in the audit' },
    ]));
    if (given) {
      await this.tried(() => post(url`/api/v1/events/${number}/replay`, given));
    }
  }

  /// One that is published again is another event, with an id of its own.
  async publish(like = {}) {
    const given = await ask(document.body, form('Publish', [
      { name: 'type', label: 'Type', value: like.type },
      { name: 'source', label: 'Source', value: like.source },
      { name: 'data', label: 'Data', json: true, value: JSON.stringify(like.data ?? {}, null, 2) },
    ]));
    if (given) {
      await this.tried(() => post('/api/v1/events', { specversion: '1.0', id: crypto.randomUUID(), ...given }, { 'Content-Type': 'application/cloudevents+json' }));
    }
  }

  view() {
    return html`
      ${heading('Events', html`<span class="live ${this.live ? 'on' : ''}">${this.live ? 'live' : 'not live'}</span>
        <label class="check inline"><input type="checkbox" ?checked=${this.tasks} @change=${event => { this.tasks = event.target.checked; }}> tasks too</label>
        <button type="button" class="quiet" @click=${() => { this.held = !this.held; this.draw(); }}>${this.held ? 'Go on' : 'Hold'}</button>
        <button type="button" @click=${() => this.publish()}>Publish…</button>`)}
      ${failure(this.error)}
      ${tabs(TABS, this.tab, tab => this.show(tab))}
      <section id="sheet" role="tabpanel" aria-labelledby=${'tab-' + this.tab}>${this.tab === 'log' ? this.log.view() : this.tail()}</section>`;
  }

  tail() {
    return html`${this.seen.length === 0 ? empty('Nothing has happened since this page was opened.')
        : html`<ol class="tail">${this.seen.map(it => html`<li>${clock(it.at)} ${status(it.status)}
            <a href="#${url`/runs/${it.run}`}" class="mono">${it.run}</a>
            <span>${it.kind === 'task' ? html`<code>${it.reference}</code>` : it.workflow}</span>
            ${it.error ? html`<span class="faint">${it.error.title}</span>` : nothing}</li>`)}</ol>`}`;
  }
}
