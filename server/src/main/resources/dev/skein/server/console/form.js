// A form made from a JSON Schema: fields for what it names, JSON for what it leaves open.

import { html, nothing } from './view.js';

export class Form {
  constructor(schema, draw) {
    this.schema = schema ?? {};
    this.draw = draw;
    this.asJson = !this.fields();
  }

  fields() {
    const properties = this.schema.properties;
    return properties && Object.keys(properties).length > 0 ? Object.entries(properties) : null;
  }

  required(name) {
    return (this.schema.required ?? []).includes(name);
  }

  view() {
    const fields = this.fields();
    return html`<fieldset><legend>Input</legend>
      ${fields ? html`<label class="check"><input type="checkbox" ?checked=${this.asJson} @change=${event => {
        this.asJson = event.target.checked;
        this.draw();
      }}> as JSON</label>` : nothing}
      ${this.asJson
        ? html`<label>JSON<textarea name="json" rows="10" spellcheck="false">${JSON.stringify(example(this.schema), null, 2)}</textarea></label>`
        : fields.map(([name, schema]) => this.field(name, schema))}
    </fieldset>`;
  }

  field(name, schema) {
    const needed = this.required(name);
    const label = html`<span>${schema.title ?? name}${needed ? html`<b class="must" title="must be given"> *</b>` : nothing}
      ${schema.description ? html`<small class="faint">${schema.description}</small>` : nothing}</span>`;
    const first = schema.default ?? schema.examples?.[0] ?? schema.example ?? '';
    if (schema.enum) {
      return html`<label>${label}<select name=${'f.' + name}>${needed ? nothing : html`<option value=""></option>`}
        ${schema.enum.map(it => html`<option value=${JSON.stringify(it)} .selected=${it === first}>${it}</option>`)}</select></label>`;
    }
    switch (kind(schema)) {
      case 'boolean':
        return html`<label class="check"><input type="checkbox" name=${'f.' + name} ?checked=${first === true}>${label}</label>`;
      case 'number':
      case 'integer':
        return html`<label>${label}<input type="number" name=${'f.' + name} .value=${String(first)} ?required=${needed}
          step=${kind(schema) === 'integer' ? 1 : 'any'} min=${schema.minimum ?? nothing} max=${schema.maximum ?? nothing}></label>`;
      case 'string':
        return html`<label>${label}<input name=${'f.' + name} .value=${String(first)} ?required=${needed}
          minlength=${schema.minLength ?? nothing} maxlength=${schema.maxLength ?? nothing}></label>`;
      default:
        return html`<label>${label}<textarea name=${'f.' + name} rows="4" spellcheck="false" ?required=${needed}>${first === '' ? needed ? JSON.stringify(example(schema), null, 2) : '' : JSON.stringify(first, null, 2)}</textarea></label>`;
    }
  }

  /// @throws Error for what is no JSON
  value(form) {
    const given = new FormData(form);
    if (this.asJson) {
      return parsed(given.get('json'), 'the input');
    }
    const input = {};
    for (const [name, schema] of this.fields()) {
      const text = given.get('f.' + name);
      if (kind(schema) === 'boolean' && !schema.enum) {
        input[name] = text !== null;
      } else if (text !== null && text !== '') {
        input[name] = schema.enum || kind(schema) !== 'string' ? parsed(text, name) : text;
      } else if (kind(schema) === 'string' && this.required(name)) {
        input[name] = '';
      }
    }
    return input;
  }
}

function kind(schema) {
  const types = [schema.type].flat().filter(it => it !== 'null');
  return types.length === 1 ? types[0] : 'any';
}

function parsed(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is no JSON: ${error.message}`);
  }
}

/// Something of the shape that a schema describes.
function example(schema, depth = 0) {
  if (schema.default !== undefined) return schema.default;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  switch (depth > 5 ? 'any' : kind(schema)) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, example(inner, depth + 1)]));
    case 'array':
      return schema.items ? [example(schema.items, depth + 1)] : [];
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'number':
    case 'integer':
      return schema.minimum ?? 0;
    default:
      return schema.properties ? example({ ...schema, type: 'object' }, depth) : {};
  }
}
