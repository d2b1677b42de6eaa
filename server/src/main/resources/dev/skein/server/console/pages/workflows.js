// What is deployed.

import { get, post, url } from '../api.js';
import { html, nothing, ago, heading, failure, empty, table, go, ask, render } from '../view.js';

export class Workflows {
  title = 'Workflows';
  all = null;
  error = null;
  words = '';

  constructor(draw) {
    this.draw = draw;
  }

  open() {
    this.load();
  }

  async load() {
    try {
      const answer = await get('/api/v1/definitions');
      this.all = grouped(answer.definitions);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  async deploy() {
    const made = await ask(document.body, deploying);
    if (made) {
      location.hash = url`/workflows/${made.namespace}/${made.name}`;
    }
  }

  view() {
    const shown = (this.all ?? []).filter(it => it.path.toLowerCase().includes(this.words));
    return html`
      ${heading('Workflows', html`<button type="button" @click=${() => this.deploy()}>Deploy…</button>`)}
      ${failure(this.error)}
      <form class="filters" role="search" @submit=${event => event.preventDefault()}>
        <input type="search" aria-label="Search" placeholder="Name  /" @input=${event => {
          this.words = event.target.value.trim().toLowerCase();
          this.draw();
        }}></form>
      ${this.all === null ? nothing : shown.length === 0
        ? empty('No workflow here.', html`Deploy one above, or by <code>skein deploy FILE</code>.`)
        : table('Workflows', [['Workflow'], ['Newest version'], ['Versions', 'number'], ['Deployed', 'number']], shown.map(it => html`
          <tr @click=${go}><td><a href="#${url`/workflows/${it.namespace}/${it.name}`}">${it.path}</a></td>
            <td>${it.versions[0].version}</td><td class="number">${it.versions.length}</td>
            <td class="number">${ago(it.versions[0].deployedAt)}</td></tr>`))}`;
  }
}

function grouped(definitions) {
  const all = new Map();
  for (const one of definitions) {
    const path = `${one.namespace}/${one.name}`;
    const known = all.get(path) ?? { path, namespace: one.namespace, name: one.name, versions: [] };
    known.versions.push(one);
    all.set(path, known);
  }
  const latest = it => Date.parse(it.deployedAt);
  all.forEach(it => it.versions.sort((a, b) => latest(b) - latest(a)));
  return [...all.values()].sort((a, b) => a.path.localeCompare(b.path));
}

function deploying(dialog, close) {
  let error = null;
  const send = async event => {
    event.preventDefault();
    try {
      close(await post('/api/v1/definitions', new FormData(event.target).get('text'), { 'Content-Type': 'application/yaml' }));
    } catch (e) {
      error = e;
      draw();
    }
  };
  const draw = () => render(html`<form class="wide" @submit=${send}>
    <h2>Deploy a workflow</h2>
    <label>YAML<textarea name="text" rows="18" spellcheck="false" required></textarea></label>
    ${failure(error)}
    ${error?.body?.diagnostics ? html`<ul class="diagnostics">${error.body.diagnostics.map(it => html`
      <li><b>${it.line}:${it.column}</b> ${it.message}${it.hint ? html` <span class="faint">${it.hint}</span>` : nothing}</li>`)}</ul>` : nothing}
    <menu><button type="button" class="quiet" @click=${() => close()}>Not now</button><button>Deploy</button></menu>
  </form>`, dialog);
  draw();
}
