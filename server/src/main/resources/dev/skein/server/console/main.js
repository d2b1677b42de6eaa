// The frame around the pages, and which page is where.

import { render, html } from './view.js';
import { session, logout } from './api.js';
import { Login } from './pages/login.js';
import { Overview } from './pages/overview.js';
import { Runs } from './pages/runs.js';
import { Run } from './pages/run.js';
import { Workflows } from './pages/workflows.js';
import { Workflow } from './pages/workflow.js';
import { Schedules } from './pages/schedules.js';
import { Events } from './pages/events.js';
import { Integrations } from './pages/integrations.js';
import { Incidents } from './pages/incidents.js';
import { Nodes } from './pages/nodes.js';
import { Audit } from './pages/audit.js';

const PLACES = [
  ['/', 'Overview', Overview, 'o', 'M3 12l9-8 9 8M5 10v10h14V10'],
  ['/runs', 'Runs', Runs, 'r', 'M4 6h16M4 12h16M4 18h10'],
  ['/workflows', 'Workflows', Workflows, 'w', 'M5 4h6v6H5zM13 14h6v6h-6zM8 10v7h5'],
  ['/schedules', 'Schedules', Schedules, 's', 'M12 7v5l3 2M12 3a9 9 0 100 18 9 9 0 000-18'],
  ['/events', 'Events', Events, 'e', 'M5 12a7 7 0 0114 0M8.5 12a3.5 3.5 0 017 0M12 12v8'],
  ['/integrations', 'Integrations', Integrations, 'n', 'M4 12h5M15 12h5M9 7v10a3 3 0 006 0V7a3 3 0 00-6 0'],
  ['/incidents', 'Incidents', Incidents, 'i', 'M12 4l9 16H3zM12 10v4M12 17v.5'],
  ['/nodes', 'Nodes', Nodes, 'd', 'M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.5M7.5 16.5h.5'],
  ['/audit', 'Audit', Audit, 'a', 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3'],
];

const ROUTES = [
  ...PLACES.map(([path, , page]) => [path, page]),
  ['/runs/:id', Run],
  ['/workflows/:namespace/:name', Workflow],
];

const app = document.getElementById('app');
let page = null;
let who = null;
let help = false;

function matched(path) {
  const parts = path.split('/');
  for (const [pattern, Page] of ROUTES) {
    const wanted = pattern.split('/');
    const given = {};
    const fits =
      wanted.length === parts.length &&
      wanted.every((part, i) => {
        if (part.startsWith(':')) {
          given[part.slice(1)] = decodeURIComponent(parts[i]);
          return parts[i] !== '';
        }
        return part === parts[i];
      });
    if (fits) {
      return [Page, given];
    }
  }
  return [null, {}];
}

function here() {
  const [path, search = ''] = location.hash.slice(1).split('?');
  return [path || '/', new URLSearchParams(search)];
}

/// Shows what was asked for, once it is known who asks.
async function begin() {
  try {
    who = await session();
  } catch {
    who = {}; // the pages say that the server cannot be reached
  }
  if (who) {
    open();
  } else {
    askWho();
  }
}

function askWho() {
  if (page instanceof Login) {
    return;
  }
  page?.close?.();
  who = null;
  page = new Login(draw, given => {
    who = given;
    page = null;
    open();
  });
  page.open().catch(() => {}); // a key is a way in any case
  draw();
}

async function leave() {
  await logout();
  begin();
}

function open() {
  if (!who) {
    return;
  }
  const [path, search] = here();
  const [Page, given] = matched(path);
  if (page && page.constructor === Page && page.goesOn?.(given, search)) {
    draw();
    return;
  }
  page?.close?.();
  page = Page ? new Page(draw, given, search) : { title: 'Nothing here', view: nowhere };
  page.open?.();
  draw();
  document.querySelector('main h1')?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const nowhere = () => html`<div class="empty"><h1 tabindex="-1">Nothing here</h1><p><a href="#/">Back to the overview</a></p></div>`;

function draw() {
  document.title = `${page.title} · Skein`;
  render(frame(), app);
}

function frame() {
  if (!who) {
    return html`<main id="main" class="alone">${page.view()}</main>`;
  }
  const [path] = here();
  const isHere = place => (place === '/' ? path === '/' : path.startsWith(place));
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the page</a>
    <nav class="side" aria-label="Pages">
      <a class="brand" href="#/" aria-label="Skein"><img src="/console/mark.svg" alt="" width="28" height="28"><span>Skein</span></a>
      ${PLACES.map(([place, name, , , icon]) => html`
        <a href="#${place}" aria-current=${isHere(place) ? 'page' : 'false'} aria-label=${name} title=${name}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${icon}/></svg><span>${name}</span></a>`)}
      ${who.csrf ? html`<button class="quiet leave" type="button" @click=${leave} title=${`Log out ${who.name}`} aria-label="Log out">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 4H5v16h9M10 12h10M16 8l4 4-4 4"/></svg></button>` : ''}
      <button class="quiet theme" type="button" @click=${turn} title="Light or dark" aria-label="Light or dark">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M20 14A8 8 0 0110 4a8 8 0 1010 10z"/></svg></button>
    </nav>
    <main id="main">${page.view()}</main>
    ${help ? keys() : ''}`;
}

function skip(event) {
  event.preventDefault();
  document.querySelector('main h1')?.focus();
}

function keys() {
  return html`<aside class="keys" role="dialog" aria-label="Keys"><h2>Keys</h2><dl>
    ${PLACES.map(([, name, , key]) => html`<dt><kbd>g</kbd> <kbd>${key}</kbd></dt><dd>${name}</dd>`)}
    <dt><kbd>/</kbd></dt><dd>Search</dd><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>Next, previous row</dd>
    <dt><kbd>?</kbd></dt><dd>This</dd></dl></aside>`;
}

function theme() {
  return localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

function turn() {
  localStorage.setItem('theme', theme() === 'dark' ? 'light' : 'dark');
  document.documentElement.dataset.theme = theme();
}

let prefix = false;

function pressed(event) {
  if (!who || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog')) {
    return;
  }
  const place = prefix && PLACES.find(([, , , key]) => key === event.key);
  prefix = event.key === 'g';
  if (place) {
    location.hash = place[0];
  } else if (event.key === '/') {
    event.preventDefault();
    const search = document.querySelector('main input[type=search]');
    search ? search.focus() : (location.hash = '/runs');
  } else if (event.key === '?' || (event.key === 'Escape' && help)) {
    help = !help;
    draw();
  } else if (event.key === 'j' || event.key === 'k') {
    step(event.key === 'j' ? 1 : -1);
  }
}

function step(by) {
  const links = [...document.querySelectorAll('main tbody tr a:first-of-type')].filter(link => link.closest('tr').querySelector('a') === link);
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

document.documentElement.dataset.theme = theme();
addEventListener('hashchange', open);
addEventListener('keydown', pressed);
addEventListener('unauthorized', askWho);
begin();
