// Problems that need somebody.

import { post, url } from '../api.js';
import { html, nothing, ago, heading, failure, empty, ask } from '../view.js';
import { Polled } from '../polled.js';
import { form } from './acts.js';

export class Incidents extends Polled {
  title = 'Incidents';

  constructor(draw) {
    super(draw, '/api/v1/incidents', 5_000);
  }

  async act(incident, name, verb) {
    const given = await ask(document.body, form(name, [{ name: 'reason', label: 'Because', hint: 'kept in the audit' }]));
    if (!given) {
      return;
    }
    try {
      await post(url`/api/v1/incidents/${incident.id}/${verb}`, given);
    } catch (error) {
      this.error = error;
      this.draw();
      return;
    }
    this.load();
  }

  view() {
    return html`${heading('Incidents')}${failure(this.error)}
      ${this.all === null ? nothing : this.all.incidents.length === 0 ? empty('No incident.', 'Runs that cannot go on by themselves show here.')
        : this.all.incidents.map(it => html`<section class="card">
          <h2>${it.summary}</h2>
          <p><a href="#${url`/runs/${it.run}`}" class="mono">${it.run}</a> <span class="chip faulted">${it.kind}</span> <span class="faint">${ago(it.openedAt)}</span></p>
          <pre tabindex="0">${it.details}</pre>
          <menu><button type="button" class="quiet" @click=${() => this.act(it, 'Resolve', 'resolve')}>Resolve</button>
            <button type="button" @click=${() => this.act(it, 'Retry', 'retry')}>Retry</button></menu></section>`)}`;
  }
}
