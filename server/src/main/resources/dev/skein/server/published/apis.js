SwaggerUIBundle({
  url: '/apis/openapi.json',
  dom_id: '#apis',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null // it would ask a server elsewhere
});
