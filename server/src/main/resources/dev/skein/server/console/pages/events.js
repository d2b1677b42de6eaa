// What happens, while it happens; and a place to send events from.

import { post, follow, url } from '../api.js';
import { html, nothing, status, clock, heading, failure, empty, ask } from '../view.js';
import { form } from './acts.js';

const MOST = 300;

export class Events {
  title = 'Events';
  seen = [];
  live = false;
  held = false;
  tasks = false;
  error = null;

  constructor(draw) {
    this.draw = draw;
  }

  open() {
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

  async publish() {
    const given = await ask(document.body, form('Publish', [
      { name: 'type', label: 'Type' },
      { name: 'source', label: 'Source' },
      { name: 'data', label: 'Data', json: true, value: '{}' },
    ]));
    if (given) {
      try {
        await post('/api/v1/events', { specversion: '1.0', id: crypto.randomUUID(), ...given }, { 'Content-Type': 'application/cloudevents+json' });
        this.error = null;
      } catch (error) {
        this.error = error;
      }
      this.draw();
    }
  }

  view() {
    return html`
      ${heading('Events', html`<span class="live ${this.live ? 'on' : ''}">${this.live ? 'live' : 'not live'}</span>
        <label class="check inline"><input type="checkbox" ?checked=${this.tasks} @change=${event => { this.tasks = event.target.checked; }}> tasks too</label>
        <button type="button" class="quiet" @click=${() => { this.held = !this.held; this.draw(); }}>${this.held ? 'Go on' : 'Hold'}</button>
        <button type="button" @click=${() => this.publish()}>Publish…</button>`)}
      ${failure(this.error)}
      ${this.seen.length === 0 ? empty('Nothing has happened since this page was opened.')
        : html`<ol class="tail">${this.seen.map(it => html`<li>${clock(it.at)} ${status(it.status)}
            <a href="#${url`/runs/${it.run}`}" class="mono">${it.run}</a>
            <span>${it.kind === 'task' ? html`<code>${it.reference}</code>` : it.workflow}</span>
            ${it.error ? html`<span class="faint">${it.error.title}</span>` : nothing}</li>`)}</ol>`}`;
  }
}
