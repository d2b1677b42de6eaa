// What starts by itself, and when next.

import { get, post, url } from '../api.js';
import { html, nothing, ago, heading, failure, empty, table } from '../view.js';

export class Schedules {
  title = 'Schedules';
  all = null;
  error = null;

  constructor(draw) {
    this.draw = draw;
  }

  open() {
    this.load();
    this.ticking = setInterval(() => this.load(), 5_000);
  }

  close() {
    clearInterval(this.ticking);
  }

  async load() {
    try {
      this.all = (await get('/api/v1/schedules')).schedules;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
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
      ${this.all === null ? nothing : this.all.length === 0
        ? empty('Nothing starts by itself.', html`A workflow with <code>schedule</code> does.`)
        : table('Schedules', [['Workflow'], ['When'], ['Next', 'number'], ['Last run'], ['']], this.all.map(it => html`
          <tr><td><a href="#${url`/workflows/${it.workflow.namespace}/${it.workflow.name}`}">${it.workflow.namespace}/${it.workflow.name}</a></td>
            <td>${it.when}</td>
            <td class="number">${it.paused ? 'paused' : ago(it.next)}</td>
            <td>${it.lastRun ? html`<a class="mono" href="#${url`/runs/${it.lastRun}`}">${it.lastRun}</a>` : nothing}</td>
            <td class="number"><button type="button" class="quiet" @click=${() => this.turn(it)}>${it.paused ? 'Resume' : 'Pause'}</button></td></tr>`))}`;
  }
}
