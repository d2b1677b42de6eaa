// One run: what it did, what it waits for, what can be done with it.

import { get, all, follow, eventually, url } from '../api.js';
import { html, nothing, tabs, status, ago, clock, span, took, workflowName, json, heading, failure, ask } from '../view.js';
import { Timeline } from '../timeline.js';
import { Graph } from '../graph.js';
import { Journal } from '../journal.js';
import { acting } from './acts.js';

const TABS = { timeline: 'Timeline', graph: 'Graph', journal: 'Journal', data: 'Data' };
const OPEN = ['pending', 'running', 'waiting', 'suspended'];

export class Run {
  run = null;
  tasks = [];
  chosen = null;
  tab = 'timeline';
  error = null;
  refused = null;
  live = false;

  constructor(draw, given) {
    this.draw = draw;
    this.id = given.id;
    this.title = given.id;
    this.timeline = new Timeline(task => this.choose(task), draw);
    this.graph = new Graph(reference => this.choose(this.latest(reference)), draw);
    this.journal = new Journal(url`/api/v1/runs/${this.id}/journal`, entry => this.lookAt(entry), draw);
    this.soon = eventually(() => this.load(), 150);
  }

  goesOn(given) {
    return given.id === this.id;
  }

  async open() {
    await this.load();
    if (this.run && OPEN.includes(this.run.status)) {
      this.stop = follow(url`/api/v1/runs/${this.id}/events`, {
        connected: live => {
          this.live = live;
          this.draw();
        },
        task: () => this.soon(),
        run: state => this.heard(state),
      });
      this.ticking = setInterval(() => this.draw(), 1000);
    }
  }

  heard(state) {
    if (!OPEN.includes(state.status)) {
      this.close();
    }
    this.soon();
  }

  close() {
    this.stop?.();
    this.live = false;
    clearInterval(this.ticking);
  }

  async load() {
    try {
      const at = url`/api/v1/runs/${this.id}`;
      [this.run, this.tasks] = await Promise.all([get(at), all(at + '/tasks')]);
      this.error = null;
      this.timeline.show(this.run, this.tasks);
      this.graph.mark(this.tasks);
      if (this.chosen) {
        this.chosen = this.tasks.find(it => same(it, this.chosen)) ?? null;
      }
      if (this.tab === 'journal') {
        this.journal.read();
      }
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  latest(reference) {
    return this.tasks.findLast(it => it.reference === reference) ?? null;
  }

  choose(task) {
    this.chosen = task;
    this.journal.chosen = null;
    this.timeline.choose(task);
    this.graph.choose(task?.reference);
    this.draw();
  }

  /// An entry of the journal in the place of a task.
  lookAt(entry) {
    this.choose(null);
    this.journal.chosen = entry;
    this.draw();
  }

  show(tab) {
    this.tab = tab;
    if (tab === 'graph') {
      this.graph.load(url`/api/v1/runs/${this.id}/graph.svg`);
    } else if (tab === 'journal') {
      this.journal.read().catch(error => {
        this.error = error;
        this.draw();
      });
    }
    this.draw();
  }

  async act(act) {
    this.refused = null;
    try {
      const done = await act.do(this, drawing => ask(document.body, drawing));
      if (done?.go) {
        location.hash = done.go;
      }
    } catch (error) {
      this.refused = error;
    }
    this.load();
  }

  view() {
    if (!this.run) {
      return html`${heading(this.id)}${failure(this.error)}`;
    }
    const run = this.run;
    return html`
      ${heading(html`<span class="mono">${run.id}</span>`, status(run.status),
        this.live ? html`<span class="live on">live</span>` : nothing,
        html`<div class="acts">${acting(run).map(act => html`<button type="button" class=${act.kind ?? 'quiet'}
          @click=${() => this.act(act)}>${act.name}</button>`)}</div>`)}
      ${failure(this.refused)}
      ${this.facts(run)}
      ${this.notes(run)}
      ${tabs(TABS, this.tab, tab => this.show(tab))}
      <div class="split ${this.chosen || this.journal.chosen ? 'both' : ''}">
        <section id="sheet" role="tabpanel" aria-labelledby=${'tab-' + this.tab}>${this[this.tab + 'Tab']()}</section>
        ${this.chosen ? this.task(this.chosen) : this.journal.chosen ? this.entry(this.journal.chosen) : nothing}
      </div>`;
  }

  facts(run) {
    const { namespace, name } = run.workflow;
    return html`<dl class="facts">
      <div><dt>Workflow</dt><dd><a href="#${url`/workflows/${namespace}/${name}`}">${workflowName(run.workflow)}</a></dd></div>
      <div><dt>Started</dt><dd>${ago(run.startedAt)}</dd></div>
      <div><dt>Took</dt><dd>${took(run)}</dd></div>
      <div><dt>Priority</dt><dd>${run.priority}</dd></div>
      ${run.owner ? html`<div><dt>Node</dt><dd>${run.owner}</dd></div>` : nothing}
      ${Object.entries(run.attributes).map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}
    </dl>`;
  }

  notes(run) {
    return html`
      ${run.incidents.map(incident => html`<div class="note incident" role="alert"><h2>${incident.summary}</h2>
        <pre tabindex="0">${incident.details}</pre></div>`)}
      ${run.error ? html`<div class="note fault"><h2>${run.error.title ?? 'Faulted'}</h2><p>${run.error.detail}</p>
        ${run.error.instance ? html`<p><button type="button" class="quiet" @click=${() => this.choose(this.latest(run.error.instance))}>
          at <code>${run.error.instance}</code></button></p>` : nothing}</div>` : nothing}
      ${run.waitingFor.length > 0 && OPEN.includes(run.status)
        ? html`<div class="note why"><h2>Why it is open</h2><ul>
            ${run.waitingFor.map(reason => html`<li>${reason.what}${reason.at ? html` <span class="faint">${ago(reason.at)}</span>` : nothing}</li>`)}
          </ul></div>` : nothing}`;
  }

  timelineTab() {
    return this.timeline.view();
  }

  graphTab() {
    return this.graph.view();
  }

  journalTab() {
    return this.journal.view();
  }

  dataTab() {
    return html`<h2>Input</h2>${json(this.run.input)}<h2>Output</h2>${json(this.run.output)}
      ${this.run.error ? html`<h2>Error</h2>${json(this.run.error)}` : nothing}`;
  }

  entry(entry) {
    return html`<aside class="detail" aria-label="Entry">
      <header><h2>${entry.kind}</h2><button type="button" class="quiet" aria-label="Close" @click=${() => this.lookAt(null)}>✕</button></header>
      ${json(entry)}</aside>`;
  }

  task(task) {
    return html`<aside class="detail" aria-label="Task">
      <header><h2>${task.name}</h2>${status(task.status)}
        <button type="button" class="quiet" aria-label="Close" @click=${() => this.choose(null)}>✕</button></header>
      <dl class="facts">
        <div><dt>Reference</dt><dd class="mono">${task.reference}</dd></div>
        ${task.iteration ? html`<div><dt>Iteration</dt><dd>${task.iteration}</dd></div>` : nothing}
        <div><dt>Attempts</dt><dd>${task.attempts}</dd></div>
        <div><dt>Took</dt><dd>${took(task)}</dd></div>
      </dl>
      ${task.history ? html`<h3>History</h3><ol class="history">${task.history.map(it => html`<li>${clock(it.startedAt)}
        <b>${it.kind}</b> ${span(Date.parse(it.endedAt) - Date.parse(it.startedAt))}
        ${it.error ? html`<span class="faint">${it.error.title} ${it.error.detail}</span>` : nothing}</li>`)}</ol>` : nothing}
      ${task.error ? html`<h3>Error</h3>${json(task.error)}` : nothing}
      <h3>Input</h3>${json(task.input)}
      <h3>Output</h3>${json(task.output)}
    </aside>`;
  }
}

const same = (one, other) => one.reference === other.reference && one.iteration === other.iteration;
