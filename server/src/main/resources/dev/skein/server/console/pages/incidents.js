// Problems that need somebody, and when somebody is told of them.

import { get, post, url } from '../api.js';
import { html, nothing, ago, heading, failure, empty, ask, table } from '../view.js';
import { Polled } from '../polled.js';
import { form } from './acts.js';

const chips = { ok: 'completed', pending: 'pending', firing: 'faulted' };
const because = { name: 'reason', label: 'Because', hint: 'kept in the audit' };

export class Incidents extends Polled {
  title = 'Incidents';
  alerts = [];

  constructor(draw) {
    super(draw, '/api/v1/incidents', 5_000);
  }

  async load() {
    try {
      this.alerts = (await get('/api/v1/alerts')).alerts;
    } catch {
      this.alerts = []; // who sees only some namespaces sees no alerts
    }
    await super.load();
  }

  async act(path, name, fields = [because]) {
    const given = await ask(document.body, form(name, fields));
    if (!given) {
      return;
    }
    try {
      await post(path, given);
    } catch (error) {
      this.error = error;
      this.draw();
      return;
    }
    this.load();
  }

  silence(name) {
    return this.act(url`/api/v1/alerts/${name}/silence`, `Silence ${name}`, [
      { name: 'for', label: 'For how long', value: 'PT2H', hint: 'PT2H is two hours, P1D a day' }, because]);
  }

  incident(it) {
    const alert = this.alerts.find(one => one.run === it.run);
    return html`<section class="card">
      <h2>${it.summary}</h2>
      <p><a href="#${url`/runs/${it.run}`}" class="mono">${it.run}</a> <span class="chip faulted">${it.kind}</span> <span class="faint">${ago(it.openedAt)}</span></p>
      <pre tabindex="0">${it.details}</pre>
      <menu><button type="button" class="quiet" @click=${() => this.act(url`/api/v1/incidents/${it.id}/resolve`, 'Resolve')}>Resolve</button>
        ${it.kind !== 'alert' ? html`<button type="button" @click=${() => this.act(url`/api/v1/incidents/${it.id}/retry`, 'Retry')}>Retry</button>`
          : alert && !alert.silencedUntil ? html`<button type="button" @click=${() => this.silence(alert.name)}>Silence…</button>` : nothing}</menu></section>`;
  }

  alert(it) {
    return html`<tr><td>${it.name}${it.problem ? html`<small class="faint">${it.problem}</small>` : it.summary ? html`<small>${it.summary}</small>` : nothing}</td>
      <td>${it.severity}</td>
      <td><span class="chip ${chips[it.state]}">${it.state}</span>${it.since ? html` <span class="faint">${ago(it.since)}</span>` : nothing}</td>
      <td>${it.run ? html`<a class="mono" href="#${url`/runs/${it.run}`}">${it.run}</a>` : nothing}</td>
      <td class="number">${it.silencedUntil
        ? html`<span class="chip suspended">silenced</span> ends ${ago(it.silencedUntil)} <button type="button" class="quiet" @click=${() => this.act(url`/api/v1/alerts/${it.name}/unsilence`, `End the silence of ${it.name}`)}>End silence</button>`
        : html`<button type="button" class="quiet" @click=${() => this.silence(it.name)}>Silence…</button>`}
        <button type="button" class="quiet" @click=${() => this.act(url`/api/v1/alerts/${it.name}/test`, `Test ${it.name}`)}>Test</button></td></tr>`;
  }

  view() {
    return html`${heading('Incidents')}${failure(this.error)}
      ${this.all === null ? nothing : this.all.incidents.length === 0 ? empty('No incident.', 'Runs that cannot go on by themselves show here, and alerts that fire.')
        : this.all.incidents.map(it => this.incident(it))}
      ${this.alerts.length === 0 ? nothing : html`<section><h2>Alerts</h2>
        ${table('Alerts', [['Alert'], ['Severity'], ['State'], ['Run'], ['']], this.alerts.map(it => this.alert(it)))}</section>`}`;
  }
}
