// The systems that workflows call: how they do, and what could be done better.

import { html, nothing, heading, failure, empty, table } from '../view.js';
import { Polled } from '../polled.js';

export class Integrations extends Polled {
  title = 'Integrations';

  constructor(draw) {
    super(draw, '/api/v1/integrations', 2_000);
  }

  view() {
    return html`${heading('Integrations')}${failure(this.error)}
      ${this.all === null ? nothing : html`
        ${this.all.notices.map(it => html`<div class="note why"><h2>${it.integration}</h2><p>${it.about} ${it.what}</p></div>`)}
        ${this.all.integrations.length === 0 ? empty('No call yet.', 'Systems show here once a workflow has called them.') : this.all.integrations.map(card)}`}`;
  }
}

const millis = value => (value === undefined || value === null ? '–' : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
const share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(part ? 1 : 0)} %` : '–');

function card(it) {
  const failures = Object.values(it.errors).reduce((sum, count) => sum + count, 0);
  return html`<section class="card"><h2>${it.name}</h2>
    <dl class="facts">
      <div><dt>Calls</dt><dd>${it.counts.calls}</dd></div>
      <div><dt>Rate</dt><dd>${it.latency ? `${it.latency.perSecond.toFixed(1)}/s` : '–'}</dd></div>
      <div><dt>Failed attempts</dt><dd>${failures} <small class="faint">${share(failures, it.counts.attempts)}</small></dd></div>
      <div><dt>p50 / p95 / p99</dt><dd>${millis(it.latency?.p50Millis)} / ${millis(it.latency?.p95Millis)} / ${millis(it.latency?.p99Millis)}</dd></div>
      <div><dt>Retries</dt><dd>${share(it.counts.retries, it.counts.calls)}</dd></div>
      <div><dt>Hedges</dt><dd>${share(it.counts.hedges, it.counts.calls)}</dd></div>
      <div><dt>Waits</dt><dd>${it.counts.deferrals}</dd></div>
      ${it.concurrency ? html`<div><dt>Under way</dt><dd>${it.concurrency.inside} of ${it.concurrency.allowed}, ${it.concurrency.waiting} in line</dd></div>` : nothing}
      ${it.rateLimit ? html`<div><dt>Rate limit</dt><dd>${it.rateLimit.usedPerSecond.toFixed(1)} of ${it.rateLimit.allowedPerSecond.toFixed(1)}/s</dd></div>` : nothing}
    </dl>
    ${(it.advice ?? []).map(text => html`<p class="advice">${text}</p>`)}
    ${failures ? html`<p class="kinds">${Object.entries(it.errors).map(([kind, count]) => html`<span class="chip faulted">${kind} ${count}</span>`)}</p>` : nothing}
    ${it.endpoints.length ? table(`Endpoints of ${it.name}`, [['Endpoint'], ['Breaker'], ['Under way', 'number'], ['']], it.endpoints.map(endpoint => html`
      <tr><td class="mono">${endpoint.url}</td><td>${endpoint.breaker ?? 'none'}</td><td class="number">${endpoint.underWay}</td>
        <td>${endpoint.ejected ? 'left out' : endpoint.well ? '' : 'unwell'} ${Object.entries(endpoint.labels).map(([key, value]) => html`<span class="chip">${key}=${value}</span>`)}</td></tr>`)) : nothing}
    ${Object.keys(it.operations).length ? table(`Operations of ${it.name}`, [['Operation'], ['Attempts', 'number'], ['Failed', 'number'], ['p50', 'number'], ['p99', 'number']],
      Object.entries(it.operations).map(([name, operation]) => html`<tr><td>${name}</td><td class="number">${operation.attempts}</td>
        <td class="number">${operation.failures}</td><td class="number">${millis(operation.latency?.p50Millis)}</td>
        <td class="number">${millis(operation.latency?.p99Millis)}</td></tr>`)) : nothing}
  </section>`;
}
