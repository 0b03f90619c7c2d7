// Starts Swagger UI on the merged document. Calls of a signed-in browser carry the header that proves an own page.
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    displayRequestDuration: true,
    persistAuthorization: false,
    validatorUrl: null,
    withCredentials: true,
    tagsSorter: "alpha",
    requestInterceptor: (request) => {
      if (new URL(request.url, window.location.href).origin === window.location.origin) {
        request.headers["X-CSRF"] = "1";
      }
      return request;
    },
  });
});
