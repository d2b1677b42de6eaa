// What can be done with a run, as it stands.

import { get, post, url } from '../api.js';
import { html, render, failure } from '../view.js';

/// The acts that make sense for it: `{name, kind?, do(page, ask)}`.
export function acting(run) {
  const open = ['pending', 'running', 'waiting'].includes(run.status);
  const all = [];
  if (run.status === 'suspended') {
    all.push(plain('Resume', 'resume', ''));
  }
  if (open) {
    all.push(reasoned('Suspend', 'suspend'));
    all.push({ name: 'Signal', do: signal });
  }
  if (run.status === 'faulted') {
    all.push({ ...reasoned('Retry', 'retry'), kind: '' });
    all.push({ name: 'Edit and retry', do: fork });
  }
  if (open || run.status === 'suspended') {
    all.push({ name: 'Migrate', do: migrate });
  }
  if (!open && run.status !== 'suspended') {
    if (run.status !== 'faulted') {
      all.push({ name: 'Fork', do: fork });
    }
    all.push({ name: 'Run again', do: rerun });
  }
  if (open || run.status === 'suspended') {
    all.push({ ...reasoned('Cancel', 'cancel'), kind: 'danger' });
  }
  return all;
}

const at = (page, verb) => url`/api/v1/runs/${page.id}/${verb}`;

function plain(name, verb, kind) {
  return { name, kind, do: page => post(at(page, verb)) };
}

/// One that is done because of something.
function reasoned(name, verb) {
  return {
    name,
    do: async (page, ask) => {
      const given = await ask(form(name, [{ name: 'reason', label: 'Because', hint: 'kept in the audit' }]));
      return given && post(at(page, verb), { reason: given.reason });
    },
  };
}

async function signal(page, ask) {
  const given = await ask(form('Signal', [{ name: 'name', label: 'Name' }, { name: 'data', label: 'Data', json: true, value: '{}' }]));
  return given && post(at(page, 'signal'), given);
}

/// To another version; one that the run does not fit says what differs.
async function migrate(page, ask) {
  const { namespace, name, version } = page.run.workflow;
  const { versions } = await get(url`/api/v1/definitions/${namespace}/${name}`);
  const others = versions.filter(it => it.deployedAt && it.version !== version).map(it => it.version);
  if (others.length === 0) {
    throw new Error(`${namespace}/${name} has no other version than ${version}.`);
  }
  const given = await ask(form('Migrate', [
    { name: 'version', label: 'To the version', options: others, value: others[0] },
    { name: 'reason', label: 'Because', hint: 'kept in the audit' },
  ], async given => {
    const verdict = await post(at(page, 'migrate'), { ...given, dryRun: true });
    if (!verdict.fits) {
      throw new Error(`It has done what ${verdict.to} would not have: ` + verdict.differences
        .map(it => it.recorded + (it.now ? `, where that version has ${it.now}` : '')).join('; '));
    }
  }));
  return given && post(at(page, 'migrate'), given);
}

async function rerun(page, ask) {
  const given = await ask(form('Run again', [{ name: 'input', label: 'Input', json: true, value: JSON.stringify(page.run.input, null, 2) }]));
  if (!given) {
    return null;
  }
  const run = await post(at(page, 'rerun'), given);
  return { go: url`/runs/${run.id}` };
}

async function fork(page, ask) {
  const finished = page.tasks.filter(task => task.status === 'completed' && !task.iteration);
  const last = page.chosen ?? finished.at(-1);
  const given = await ask(form('Fork', [
    { name: 'from', label: 'After the task', options: finished.map(task => task.reference), value: last?.reference },
    { name: 'data', label: 'Data to go on with', json: true, value: JSON.stringify(last?.output ?? {}, null, 2) },
    { name: 'reason', label: 'Because', hint: 'kept in the audit' },
  ]));
  if (!given) {
    return null;
  }
  const run = await post(at(page, 'fork'), given);
  return { go: url`/runs/${run.id}` };
}

/// A dialog with fields; gives an object, or nothing.
///
/// @param check throws what is wrong with what is given
export function form(title, fields, check = () => {}) {
  return (dialog, close) => {
    let error = null;
    const send = async event => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(event.target));
      try {
        for (const field of fields.filter(it => it.json)) {
          given[field.name] = JSON.parse(given[field.name]);
        }
        await check(given);
        close(given);
      } catch (e) {
        error = e;
        draw();
      }
    };
    const draw = () => render(html`<form @submit=${send}>
      <h2>${title}</h2>
      ${fields.map(field => html`<label>${field.label}${control(field)}</label>`)}
      ${failure(error)}
      <menu><button type="button" class="quiet" @click=${() => close()}>Not now</button><button>${title}</button></menu>
    </form>`, dialog);
    draw();
  };
}

function control(field) {
  if (field.options) {
    return html`<select name=${field.name}>${field.options.map(it => html`<option .selected=${it === field.value}>${it}</option>`)}</select>`;
  }
  return field.json
    ? html`<textarea name=${field.name} rows="8" spellcheck="false">${field.value}</textarea>`
    : html`<input name=${field.name} placeholder=${field.hint ?? ''} ?required=${!field.hint} .value=${field.value ?? ''}>`;
}
