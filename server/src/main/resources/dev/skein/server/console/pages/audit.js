// Who has asked for what, and what came of it.

import { get, query, url } from '../api.js';
import { html, nothing, ago, json, heading, failure, empty } from '../view.js';
import { TimeSpan } from '../timespan.js';

const PAGE = 100;
const FILTERS = [['who', 'Who', 'Anybody'], ['what', 'Operation', 'Any operation'], ['on', 'On', 'Anything']];

export class Audit {
  title = 'Audit';
  entries = null;
  next = null;
  verdict = null;
  checking = false;
  error = null;

  constructor(draw, given, search) {
    this.draw = draw;
    this.read(search);
  }

  read(search) {
    this.filter = Object.fromEntries(FILTERS.map(([name]) => [name, search.get(name) ?? '']));
    this.time = new TimeSpan(search);
  }

  open() {
    this.load();
  }

  goesOn(given, search) {
    this.read(search);
    this.load();
    return true;
  }

  async load(cursor) {
    const filter = this.filter;
    try {
      const page = await get('/api/v1/audit' + query({ ...filter, ...this.time.asked(), limit: PAGE, cursor }));
      if (filter !== this.filter) {
        return; // the filter has been changed meanwhile
      }
      this.entries = cursor ? [...this.entries, ...page.entries] : page.entries;
      this.next = page.next;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  async verify() {
    this.checking = true;
    this.draw();
    try {
      this.verdict = await get('/api/v1/audit/verify');
    } catch (error) {
      this.error = error;
    }
    this.checking = false;
    this.draw();
  }

  change(change) {
    location.hash = '/audit' + query({ ...this.filter, ...this.time.written(), ...change });
  }

  view() {
    const denied = this.error?.status === 403;
    return html`
      ${heading('Audit', denied ? nothing : html`<button type="button" class="quiet" ?disabled=${this.checking} @click=${() => this.verify()}>
        ${this.checking ? 'Verifying…' : 'Verify the chain'}</button>`)}
      ${denied ? empty('The audit log is for administrators.', 'Log in with a key that has the role admin in all namespaces.') : html`
        ${this.verdict ? told(this.verdict) : nothing}
        ${this.filters()}
        ${failure(this.error)}
        ${this.entries === null ? nothing : this.list()}`}`;
  }

  filters() {
    const operations = [...new Set((this.entries ?? []).map(it => it.entry.what))].sort();
    return html`<form class="filters" role="search" @submit=${event => event.preventDefault()}>
      ${FILTERS.map(([name, label, any]) => html`<input type=${name === 'who' ? 'search' : 'text'} aria-label=${label} placeholder=${any}
        list=${name === 'what' ? 'operations' : nothing} .value=${this.filter[name]} @change=${event => this.change({ [name]: event.target.value })}>`)}
      <datalist id="operations">${operations.map(it => html`<option value=${it}></option>`)}</datalist>
      ${this.time.view(change => this.change(change))}
    </form>`;
  }

  list() {
    const acts = together(this.entries);
    const more = this.next ? html`<p class="more"><button type="button" class="quiet" @click=${() => this.load(this.next)}>Older entries</button></p>` : nothing;
    if (acts.length === 0) {
      return html`${this.next ? empty('Nothing fits in the part that was looked through.', 'Look further back.')
        : empty('Nothing fits.', 'What people and programs change is written here, before it is done.')}${more}`;
    }
    return html`<ol class="acts-list">${acts.map(row)}</ol>${more}`;
  }
}

/// An act and its outcome, which are entries of their own, newest first.
function together(entries) {
  const acts = new Map();
  for (const it of entries) {
    const key = it.entry.act ?? it.number;
    const act = acts.get(key) ?? { key };
    acts.set(key, it.entry.outcome ? { ...act, outcome: it } : { ...act, asked: it });
  }
  return [...acts.values()];
}

function row({ asked, outcome }) {
  const entry = (asked ?? outcome).entry;
  if (typeof entry === 'string') {
    return html`<li><details><summary><span class="chip faulted">spoilt</span> entry ${(asked ?? outcome).number}</summary>${json(entry)}</details></li>`;
  }
  const came = outcome?.entry;
  const reason = asked?.entry.details?.reason;
  const about = run(entry.on) ?? run(came?.made);
  return html`<li><details>
    <summary>
      <span class="chip ${came ? (came.outcome === 'done' ? 'completed' : 'faulted') : 'pending'}">${came ? (came.outcome === 'done' ? 'done' : came.code) : 'asked'}</span>
      <b>${entry.what}</b> <span class="who">${entry.who}</span> <span class="where mono">${target(entry.on)}</span>
      ${asked?.entry.details?.dryRun ? html`<span class="chip">rehearsed</span>` : nothing}
      ${reason ? html`<q>${reason}</q>` : nothing}
      <span class="when">${ago(entry.at)}</span>
    </summary>
    ${about ? html`<p><a href="#${url`/runs/${about}`}">Open the run</a></p>` : nothing}
    ${asked ? part('Asked', asked) : nothing}${outcome ? part('What came of it', outcome) : nothing}
  </details></li>`;
}

function part(title, it) {
  return html`<h3>${title} <span class="faint">entry ${it.number}, ${it.entry.at}, from ${it.entry.from}</span></h3>${json(it.entry)}
    <p class="faint mono hash">${it.hash}</p>`;
}

/// The id of the run that an address is of, if it is of one.
function run(on = '') {
  const found = /^\/api\/v1\/runs\/([^/]+)(\/|$)/.exec(on);
  return found ? decodeURIComponent(found[1]) : null;
}

const target = (on = '') => run(on) ?? on.replace('/api/v1/', '');

function told(verdict) {
  return verdict.whole
    ? html`<div class="note fine" role="status"><h2>The log is whole</h2>
        <p>${verdict.entries} ${verdict.entries === 1 ? 'entry follows' : 'entries follow'} from the one before. To find out later whether its end was cut off, keep this elsewhere:</p>
        <p class="mono hash">${verdict.last}</p></div>`
    : html`<div class="note fault" role="alert"><h2>The log is not whole</h2><p>${verdict.broken}</p>
        <p>The last entry that is as it was written: <span class="mono hash">${verdict.last}</span></p></div>`;
}
