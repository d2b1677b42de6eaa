// All runs, live, filtered; what is shown can be acted on in bulk.

import { get, query, follow, eventually, url } from '../api.js';
import { Bulk } from './bulk.js';
import { TimeSpan } from '../timespan.js';
import { html, nothing, repeat, status, ago, took, workflowName, heading, failure, empty, table, go, ask, render } from '../view.js';

const STATUSES = ['running', 'waiting', 'suspended', 'pending', 'faulted', 'cancelled', 'completed'];
const PAGE = 50;

export class Runs {
  title = 'Runs';
  runs = null;
  next = null;
  error = null;
  workflows = [];
  live = false;

  constructor(draw, given, search) {
    this.draw = draw;
    this.filter = read(search);
    this.soon = eventually(() => this.load(), 500);
  }

  open() {
    this.load();
    get('/api/v1/definitions').then(all => {
      this.workflows = [...new Set(all.definitions.map(it => `${it.namespace}/${it.name}`))].sort();
      this.draw();
    }, () => {});
    this.stop = follow('/api/v1/events/stream', {
      connected: live => {
        this.live = live;
        this.draw();
      },
      run: () => this.soon(),
      lost: () => this.soon(),
    });
    this.ticking = setInterval(() => this.draw(), 1000);
  }

  close() {
    this.stop();
    clearInterval(this.ticking);
  }

  goesOn(given, search) {
    this.filter = read(search);
    this.load();
    return true;
  }

  /// The first page again, or as many as are shown.
  async load() {
    const filter = this.filter;
    try {
      const page = await get('/api/v1/runs' + query({ ...asking(filter), limit: Math.max(PAGE, Math.min(500, this.runs?.length ?? 0)) }));
      if (filter === this.filter) {
        this.runs = page.runs;
        this.next = page.next;
        this.error = null;
      }
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  async more() {
    const page = await get('/api/v1/runs' + query({ ...asking(this.filter), limit: PAGE, cursor: this.next }));
    this.runs = [...this.runs, ...page.runs];
    this.next = page.next;
    this.draw();
  }

  change(change) {
    const { time, ...rest } = this.filter;
    const filter = { ...rest, ...time.written(), ...change };
    location.hash = '/runs' + query({ ...filter, status: filter.status.join(',') });
  }

  toggle(name) {
    const chosen = this.filter.status.includes(name);
    this.change({ status: chosen ? this.filter.status.filter(it => it !== name) : [...this.filter.status, name] });
  }

  view() {
    return html`
      ${heading('Runs', html`<span class="live ${this.live ? 'on' : ''}">${this.live ? 'live' : 'not live'}</span>
        <button type="button" class="quiet" @click=${() => this.bulk()}>Act on all of these…</button>`)}
      ${this.filters()}
      ${failure(this.error)}
      ${this.runs === null ? nothing : this.runs.length === 0 ? this.none() : this.list()}`;
  }

  filters() {
    const filter = this.filter;
    const saved = views();
    return html`
      <form class="filters" role="search" @submit=${event => event.preventDefault()}>
        <input type="search" aria-label="Search by id or attribute" placeholder="Id or attribute  /" .value=${filter.q}
          @change=${event => this.change({ q: event.target.value })}>
        <input list="workflows" aria-label="Workflow" placeholder="Any workflow" .value=${filter.workflow}
          @change=${event => this.change({ workflow: event.target.value })}>
        <datalist id="workflows">${this.workflows.map(name => html`<option value=${name}></option>`)}</datalist>
        <input aria-label="Attribute, as name=value" placeholder="attribute=value" .value=${filter.attr}
          @change=${event => this.change({ attr: event.target.value })}>
        ${filter.time.view(change => this.change(change))}
        <div class="toggles" role="group" aria-label="Status">
          ${STATUSES.map(name => html`<button type="button" class="chip ${name}" aria-pressed=${filter.status.includes(name)}
            @click=${() => this.toggle(name)}>${name}</button>`)}
        </div>
        <div class="views">
          ${Object.entries(saved).map(([name, hash]) => html`<a class="quiet" href=${hash}>${name}</a>`)}
          <button type="button" class="quiet" @click=${() => this.save()}>Save view</button>
        </div>
      </form>`;
  }

  async save() {
    const name = await ask(document.body, (dialog, close) => naming(dialog, close));
    if (name) {
      localStorage.setItem('views', JSON.stringify({ ...views(), [name]: location.hash || '#/runs' }));
      this.draw();
    }
  }

  none() {
    const asked = Object.keys(asking(this.filter)).length > 0;
    return asked
      ? empty('No run fits.', 'Take a filter away.')
      : empty('No run yet.', html`Start one: <a href="#/workflows">choose a workflow</a>, or <code>skein start NAME</code>.`);
  }

  list() {
    const now = Date.now();
    const rows = repeat(this.runs, run => run.id, run => html`
      <tr @click=${go}>
        <td>${status(run.status)}</td>
        <td class="id"><a href="#${url`/runs/${run.id}`}">${run.id}</a></td>
        <td>${workflowName(run.workflow)}</td>
        <td class="number">${ago(run.startedAt, now)}</td>
        <td class="number">${took(run, now)}</td>
      </tr>`);
    return html`
      ${table('Runs', [['Status'], ['Run'], ['Workflow'], ['Started', 'number'], ['Took', 'number']], rows)}
      ${this.next ? html`<p class="more"><button type="button" @click=${() => this.more()}>More</button></p>` : nothing}`;
  }

  async bulk() {
    await ask(document.body, (dialog, close) => new Bulk(bulky(this.filter), dialog, close).draw());
    this.load();
  }
}

function read(search) {
  const all = search.get('status');
  return {
    q: search.get('q') ?? '',
    workflow: search.get('workflow') ?? '',
    attr: search.get('attr') ?? '',
    status: all ? all.split(',') : [],
    time: new TimeSpan(search),
  };
}

/// The filter as the API takes it.
function asking(filter) {
  const asked = { ...filter.time.asked() };
  const [name, value] = split(filter.attr);
  if (filter.q) asked.q = filter.q;
  if (filter.workflow) asked.workflow = filter.workflow;
  if (filter.status.length) asked.status = filter.status.join(',');
  if (name && value) asked['attr.' + name] = value;
  return asked;
}

function split(attribute) {
  const at = attribute.indexOf('=');
  return at < 0 ? ['', ''] : [attribute.slice(0, at).trim(), attribute.slice(at + 1).trim()];
}

const views = () => JSON.parse(localStorage.getItem('views') ?? '{}');

function naming(dialog, close) {
  render(html`
    <form method="dialog" @submit=${event => close(new FormData(event.target).get('name'))}>
      <h2>Save view</h2>
      <label>Name <input name="name" required autofocus></label>
      <menu><button type="button" class="quiet" @click=${() => close()}>Cancel</button><button>Save</button></menu>
    </form>`, dialog);
}

/// The filter as `POST /runs/bulk` takes it.
function bulky(filter) {
  const [name, value] = split(filter.attr);
  return {
    ...filter.time.asked(),
    ...(filter.q && { q: filter.q }),
    ...(filter.workflow && { workflow: filter.workflow }),
    ...(filter.status.length && { status: filter.status.join(',') }),
    ...(name && value && { attributes: { [name]: value } }),
  };
}
