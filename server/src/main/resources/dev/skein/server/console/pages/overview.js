// How everything is, at a glance.

import { get, follow, eventually, query, url } from '../api.js';
import { html, svg, nothing, repeat, status, ago, span, took, workflowName, heading, failure, empty, table, go } from '../view.js';

const OPEN = ['running', 'waiting', 'suspended', 'pending'];
const WIDTH = 720;
const HEIGHT = 120;
const MOST_COUNTED = 100;

export class Overview {
  title = 'Overview';
  overview = null;
  troubles = [];
  latest = [];
  incidents = [];
  changes = [];
  commits = [];
  error = null;

  constructor(draw) {
    this.draw = draw;
    this.soon = eventually(() => this.load(), 1000);
  }

  open() {
    this.load();
    this.stop = follow('/api/v1/events/stream', { run: () => this.soon(), lost: () => this.soon() });
    this.ticking = setInterval(() => this.load(), 10_000);
  }

  close() {
    this.stop();
    clearInterval(this.ticking);
  }

  async load() {
    try {
      const [overview, troubles, latest, incidents, definitions, nodes] = await Promise.all([
        get('/api/v1/overview'),
        get('/api/v1/runs' + query({ status: 'faulted,suspended', limit: 6 })),
        get('/api/v1/runs' + query({ limit: 8 })),
        get('/api/v1/incidents' + query({ limit: MOST_COUNTED })),
        get('/api/v1/definitions'),
        get('/api/v1/nodes'),
      ]);
      this.overview = overview;
      this.troubles = troubles.runs;
      this.latest = latest.runs;
      this.incidents = incidents.incidents;
      this.changes = definitions.definitions.sort((a, b) => Date.parse(b.deployedAt) - Date.parse(a.deployedAt)).slice(0, 5);
      this.commits = nodes.filter(it => it.alive && it.commit).map(it => it.commit.p99Millis);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  view() {
    const all = this.overview;
    return html`${heading('Overview')}${failure(this.error)}${all ? html`
      <div class="tiles">
        ${OPEN.map(name => html`<a class="tile" href="#/runs?status=${name}"><b>${all.runs[name] ?? 0}</b>${status(name)}</a>`)}
      </div>
      <div class="tiles">
        <div class="tile"><b>${rate(all.minutes, it => it.started)}</b><span>runs started a minute</span></div>
        <div class="tile"><b>${rate(all.minutes, it => it.steps)}</b><span>steps a minute</span></div>
        <a class="tile ${lately(all.minutes, it => it.faulted) ? 'alarm' : ''}" href="#/runs?status=faulted"><b>${lately(all.minutes, it => it.faulted)}</b><span>faulted in 5 minutes</span></a>
        <a class="tile ${this.incidents.length ? 'alarm' : ''}" href="#/incidents"><b>${this.incidents.length}${this.incidents.length === MOST_COUNTED ? '+' : ''}</b><span>open incidents</span></a>
        <div class="tile"><b>${all.took ? span(all.took.p50Millis) : '–'}</b><span>a run takes, p50</span></div>
        <div class="tile"><b>${all.took ? span(all.took.p99Millis) : '–'}</b><span>a run takes, p99</span></div>
        <a class="tile" href="#/nodes"><b>${this.commits.length ? span(Math.max(...this.commits)) : '–'}</b><span>a commit takes, p99</span></a>
      </div>
      <section><h2>The last hour</h2>${chart(all.minutes)}</section>
      <div class="columns">
        <div><section><h2>Needs somebody</h2>${this.troubles.length ? short(this.troubles) : empty('Nothing does.')}</section>
          ${this.changes.length ? html`<section><h2>Deployed lately</h2>${deployed(this.changes)}</section>` : nothing}</div>
        <section><h2>Latest runs</h2>${this.latest.length ? short(this.latest)
          : empty('No run yet.', html`<a href="#/workflows">Start one</a>.`)}</section>
      </div>` : nothing}`;
  }
}

const rate = (minutes, of) => {
  const mean = lately(minutes, of) / 5;
  return mean >= 10 || Number.isInteger(mean) ? Math.round(mean) : mean.toFixed(1);
};

const lately = (minutes, of) => minutes.slice(-5).reduce((sum, it) => sum + of(it), 0);

function deployed(definitions) {
  return table('Deployed lately', [['Workflow'], ['Version'], ['When', 'number']], definitions.map(it => html`<tr @click=${go}>
    <td class="id"><a href="#${url`/workflows/${it.namespace}/${it.name}`}">${it.namespace}/${it.name}</a></td><td>${it.version}</td>
    <td class="number">${ago(it.deployedAt)}</td></tr>`));
}

function short(runs) {
  const now = Date.now();
  return table('Runs', [['Status'], ['Run'], ['Started', 'number'], ['Took', 'number']], repeat(runs, run => run.id, run => html`
    <tr @click=${go}><td>${status(run.status)}</td>
      <td class="id"><a href="#${url`/runs/${run.id}`}">${run.id}</a><small>${workflowName(run.workflow)}</small></td>
      <td class="number">${ago(run.startedAt, now)}</td><td class="number">${took(run, now)}</td></tr>`));
}

/// Bars of what ended in each minute, what faulted in red on top.
function chart(minutes) {
  const most = Math.max(1, ...minutes.map(it => it.completed + it.faulted + it.cancelled));
  const step = WIDTH / Math.max(1, minutes.length);
  const ended = minutes.reduce((sum, it) => sum + it.completed + it.faulted + it.cancelled, 0);
  const faulted = minutes.reduce((sum, it) => sum + it.faulted, 0);
  return html`<figure class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
      aria-label="${ended} runs ended in the last hour, ${faulted} of them faulted">
    ${minutes.map((it, i) => {
      const high = count => (count / most) * (HEIGHT - 4);
      const fine = high(it.completed + it.cancelled);
      const bad = high(it.faulted);
      return svg`<g><title>${it.at.slice(11, 16)}: ${it.completed} completed, ${it.cancelled} cancelled, ${it.faulted} faulted</title>
        <rect class="hit" x=${i * step} y="0" width=${step} height=${HEIGHT}></rect>
        <rect class="fine" x=${i * step + 1} y=${HEIGHT - fine} width=${step - 2} height=${fine}></rect>
        <rect class="bad" x=${i * step + 1} y=${HEIGHT - fine - bad} width=${step - 2} height=${bad}></rect></g>`;
    })}</svg>
    <figcaption><span>an hour ago</span><span>${ended} ended, ${faulted} faulted; most in a minute: ${most}</span><span>now</span></figcaption></figure>`;
}
