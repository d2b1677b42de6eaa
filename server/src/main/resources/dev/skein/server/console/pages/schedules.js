// What starts by itself, and when next.

import { post, url } from '../api.js';
import { html, nothing, ago, ask, heading, failure, empty, table } from '../view.js';
import { form } from './acts.js';
import { Polled } from '../polled.js';

export class Schedules extends Polled {
  title = 'Schedules';

  constructor(draw) {
    super(draw, '/api/v1/schedules', 5_000);
  }

  async turn(it) {
    await this.tried(() =>
      post(url`/api/v1/schedules/${it.workflow.namespace}/${it.workflow.name}/${it.paused ? 'resume' : 'pause'}`));
  }

  /// Makes up for starts, after it is said which.
  async backfill(it) {
    const path = url`/api/v1/schedules/${it.workflow.namespace}/${it.workflow.name}/backfill`;
    const name = `${it.workflow.namespace}/${it.workflow.name}`;
    const times = await ask(document.body, form('Look', [
      { name: 'from', label: 'Starts due from', value: new Date(Date.now() - 86_400_000).toISOString() },
      { name: 'to', label: 'until', value: new Date().toISOString() },
    ], async given => {
      given.starts = (await post(path, { ...given, dryRun: true })).starts;
      if (given.starts.every(start => start.there)) {
        throw new Error('Between these times nothing is missing.');
      }
    }));
    if (!times) {
      return;
    }
    const { starts, ...range } = times;
    const missing = starts.filter(start => !start.there).length;
    const given = await ask(document.body, form(`Start ${missing}`, [
      { name: 'reason', label: `${missing} of ${starts.length} starts of ${name} were not made. Make them because`, hint: 'kept in the audit' },
    ]));
    if (given) {
      await this.tried(async () => {
        await post(path, { ...range, reason: given.reason || 'a backfill' });
        location.hash = `#/runs?workflow=${encodeURIComponent(name)}`;
      });
    }
  }

  async tried(act) {
    try {
      await act();
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
            <td class="number">${/^(every|cron) /.test(it.when) ? html`<button type="button" class="quiet" @click=${() => this.backfill(it)}>Make up…</button> ` : nothing}<button type="button" class="quiet" @click=${() => this.turn(it)}>${it.paused ? 'Resume' : 'Pause'}</button></td></tr>`))}`;
  }
}
