// The processes that share the store: who lives, who has which runs, how fast their commits are.

import { html, nothing, ago, span, heading, failure, empty, table } from '../view.js';
import { Polled } from '../polled.js';

const STATUSES = ['running', 'waiting', 'suspended', 'pending'];

export class Nodes extends Polled {
  title = 'Nodes';

  constructor(draw) {
    super(draw, '/api/v1/nodes', 2_000);
  }

  view() {
    const nodes = this.all;
    return html`${heading('Nodes')}${failure(this.error)}
      ${nodes === null ? nothing : html`
        ${tiles(nodes.filter(it => it.alive))}
        ${nodes.length === 0 ? empty('No node has told of itself.') : list(nodes)}
        ${nodes.some(it => it.leaseExpiresAt) ? nothing : html`<p class="faint hint">This process has its store alone.
          On PostgreSQL any number of them share one, and take over the runs of each other.</p>`}`}`;
  }
}

function tiles(alive) {
  const total = of => alive.reduce((sum, it) => sum + (of(it) ?? 0), 0);
  const slowest = Math.max(...alive.map(it => it.commit?.p99Millis ?? -1));
  return html`<div class="tiles">
    <div class="tile"><b>${alive.length}</b><span>${alive.length === 1 ? 'node lives' : 'nodes live'}</span></div>
    <div class="tile"><b>${total(it => it.runs.open)}</b><span>open runs</span></div>
    <div class="tile"><b>${slowest < 0 ? '–' : millis(slowest)}</b><span>slowest commit, p99</span></div>
    <div class="tile"><b>${total(it => it.commit?.queue)}</b><span>wait for a commit</span></div>
  </div>`;
}

function list(nodes) {
  const now = Date.now();
  const columns = [['Node'], ['State'], ['Lease', 'number'], ['Open runs', 'number'], ['Of these'], ['Commit p50', 'number'], ['p99', 'number'], ['In line', 'number'], ['Up', 'number']];
  return table('Nodes', columns, nodes.map(it => html`<tr class="still">
    <td class="id"><span class="mono">${it.id}</span><small>epoch ${it.epoch}${it.self ? ', the one that answers here' : ''}</small></td>
    <td>${it.alive ? html`<span class="chip completed">alive</span>` : html`<span class="chip cancelled">gone</span>`}
      ${it.leader ? html`<span class="chip running" title="starts what is scheduled, and whatever else only one may do">leads</span>` : nothing}</td>
    <td class="number">${it.leaseExpiresAt ? ago(it.leaseExpiresAt, now) : '–'}</td>
    <td class="number">${it.runs.open}</td>
    <td>${STATUSES.filter(name => it.runs[name]).map(name => html`<span class="chip ${name}">${it.runs[name]} ${name}</span> `)}</td>
    <td class="number">${millis(it.commit?.p50Millis)}</td>
    <td class="number">${millis(it.commit?.p99Millis)}</td>
    <td class="number">${it.commit?.queue ?? '–'}</td>
    <td class="number">${it.alive ? span(now - Date.parse(it.startedAt)) : nothing}</td></tr>`));
}

const millis = value => (value === undefined || value === null ? '–' : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
