// One workflow: its graph, its versions beside each other, and a form to start it.

import { get, post, query, url } from '../api.js';
import { html, nothing, tabs, repeat, status, ago, took, heading, failure, empty, table, go } from '../view.js';
import { Graph } from '../graph.js';
import { Form } from '../form.js';
import { difference } from '../diff.js';

const TABS = { start: 'Start', graph: 'Graph', source: 'Source', versions: 'Versions', runs: 'Runs' };

export class Workflow {
  versions = null;
  tab = 'start';
  error = null;
  refused = null;
  form = null;
  runs = null;
  other = '';
  otherSource = '';
  source = '';

  constructor(draw, given) {
    this.draw = draw;
    this.given = given;
    this.title = `${given.namespace}/${given.name}`;
    this.graph = new Graph(reference => {
      this.graph.choose(reference);
      draw();
    }, draw);
  }

  goesOn(given) {
    return given.namespace === this.given.namespace && given.name === this.given.name;
  }

  async open() {
    try {
      await this.count();
      if (this.versions.length === 0) {
        throw new Error('It is written in Java, and has no text to show.');
      }
      await this.choose(this.versions[0].version);
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  /// What is open of each version.
  async count() {
    const { versions } = await get(url`/api/v1/definitions/${this.given.namespace}/${this.given.name}`);
    this.versions = versions.filter(it => it.deployedAt);
    this.older = versions.filter(it => !it.deployedAt);
  }

  at(version, what = '') {
    return url`/api/v1/definitions/${this.given.namespace}/${this.given.name}/${version}` + what;
  }

  async choose(version) {
    this.version = version;
    const [read, schema] = await Promise.all([get(this.at(version)), get(this.at(version, '/schema'))]);
    this.source = read.source;
    this.form = new Form(schema, this.draw);
    await this.show(this.tab);
  }

  async compare(version) {
    this.other = version;
    this.otherSource = version ? (await get(this.at(version))).source : '';
    this.draw();
  }

  async show(tab) {
    this.tab = tab;
    if (tab === 'graph') {
      await this.graph.load(this.at(this.version, '/graph.svg'));
    } else if (tab === 'versions') {
      await this.count();
    } else if (tab === 'runs') {
      this.runs = (await get('/api/v1/runs' + query({ workflow: this.title, limit: 50 }))).runs;
    }
    this.draw();
  }

  async start(event) {
    event.preventDefault();
    this.refused = null;
    try {
      const id = new FormData(event.target).get('run-id');
      const run = await post('/api/v1/runs', {
        workflow: { ...this.given, version: this.version },
        input: this.form.value(event.target),
        ...(id && { id }),
      });
      location.hash = url`/runs/${run.id}`;
    } catch (error) {
      this.refused = error;
      this.draw();
    }
  }

  view() {
    if (!this.versions || !this.form) {
      return html`${heading(this.title)}${failure(this.error)}`;
    }
    return html`
      ${heading(this.title, html`<label class="inline">Version <select @change=${event => this.choose(event.target.value)}>
        ${this.versions.map(it => html`<option value=${it.version} .selected=${it.version === this.version}>${it.version}</option>`)}
      </select></label>`)}
      ${tabs(TABS, this.tab, tab => this.show(tab))}
      <section id="sheet" role="tabpanel" aria-labelledby=${'tab-' + this.tab}>${this[this.tab + 'Tab']()}</section>`;
  }

  startTab() {
    return html`<form class="start" @submit=${event => this.start(event)}>
      ${this.form.view()}
      <label>Run id <input name="run-id" placeholder="made up if left empty; the same id is the same run" autocomplete="off"></label>
      ${failure(this.refused)}
      <menu><button>Start</button></menu>
    </form>`;
  }

  graphTab() {
    return this.graph.view();
  }

  sourceTab() {
    return html`<div class="code"><pre tabindex="0">${this.source}</pre></div>`;
  }

  versionsTab() {
    const others = this.versions.filter(it => it.version !== this.version);
    return html`
      ${table('Versions', [['Version'], ['State'], ['Open runs'], ['Deployed', 'number']], [...this.versions, ...this.older].map((it, i) => html`
        <tr class="still"><td>${it.version}</td><td>${state(it, i === 0)}</td>
          <td>${Object.entries(it.open).map(([name, count]) => html`<span class="chip ${name}">${count} ${name}</span> `)}</td>
          <td class="number">${it.deployedAt ? ago(it.deployedAt) : 'by a program'}</td></tr>`))}
      ${others.length ? html`<label class="inline">Compare ${this.version} with <select @change=${event => this.compare(event.target.value)}>
        <option value="">…</option>${others.map(it => html`<option value=${it.version} .selected=${it.version === this.other}>${it.version}</option>`)}
      </select></label>` : nothing}
      ${this.other ? html`<div class="code diff"><pre tabindex="0">${difference(this.otherSource, this.source).map(([kind, line]) => html`<span class=${kind}>${line}
</span>`)}</pre></div>` : nothing}`;
  }

  runsTab() {
    if (!this.runs?.length) {
      return empty('No run yet.');
    }
    const now = Date.now();
    return table('Runs', [['Status'], ['Run'], ['Version'], ['Started', 'number'], ['Took', 'number']], repeat(this.runs, run => run.id, run => html`
      <tr @click=${go}><td>${status(run.status)}</td><td class="id"><a href="#${url`/runs/${run.id}`}">${run.id}</a></td>
        <td>${run.workflow.version}</td><td class="number">${ago(run.startedAt, now)}</td><td class="number">${took(run, now)}</td></tr>`));
  }
}

/// New runs begin with the newest version; an older one drains until its last run has ended.
function state(version, newest) {
  const open = Object.values(version.open).reduce((sum, count) => sum + count, 0);
  if (newest) {
    return html`<span class="chip completed">takes new runs</span>`;
  }
  return open ? html`<span class="chip suspended">drains, ${open} to go</span>` : html`<span class="chip cancelled">drained</span>`;
}
