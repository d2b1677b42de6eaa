// What starts by itself, and when next.

import { post, url } from '../api.js';
import { html, nothing, ago, heading, failure, empty, table } from '../view.js';
import { Polled } from '../polled.js';

export class Schedules extends Polled {
  title = 'Schedules';

  constructor(draw) {
    super(draw, '/api/v1/schedules', 5_000);
  }

  async turn(it) {
    try {
      await post(url`/api/v1/schedules/${it.workflow.namespace}/${it.workflow.name}/${it.paused ? 'resume' : 'pause'}`);
    } catch (error) {
      this.error = error;
    }
    this.load();
  }

  view() {
    return html`${heading('Schedules')}${failure(this.error)}
      ${this.all === null ? nothing : this.all.schedules.length === 0
        ? empty('Nothing starts by itself.', html`A workflow with <code>schedule</code> does.`)
        : table('Schedules', [['Workflow'], ['When'], ['Next', 'number'], ['Last run'], ['']], this.all.schedules.map(it => html`
          <tr><td><a href="#${url`/workflows/${it.workflow.namespace}/${it.workflow.name}`}">${it.workflow.namespace}/${it.workflow.name}</a></td>
            <td>${it.when}</td>
            <td class="number">${it.paused ? html`<span class="chip suspended">paused</span>` : ago(it.next)}
              ${it.upcoming.length > 1 ? html`<small>${it.upcoming.slice(1).map((at, i) => html`${i ? ', ' : 'then '}${ago(at)}`)}</small>` : nothing}</td>
            <td>${it.lastRun ? html`<a class="mono" href="#${url`/runs/${it.lastRun}`}">${it.lastRun}</a>` : nothing}</td>
            <td class="number"><button type="button" class="quiet" @click=${() => this.turn(it)}>${it.paused ? 'Resume' : 'Pause'}</button></td></tr>`))}`;
  }
}
