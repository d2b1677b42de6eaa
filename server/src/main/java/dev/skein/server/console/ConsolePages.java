package dev.skein.server.console;

import dev.skein.runtime.graph.WorkflowGraph;
import dev.skein.server.http.Answer;
import dev.skein.server.http.PageFiles;
import dev.skein.server.http.Refusal;
import dev.skein.server.http.Request;
import dev.skein.server.http.Routes;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Serves the files of the console; what it shows comes from the API. Thread-safe.
public final class ConsolePages {
  private static final String AT = "/console/";
  private static final String LIBRARY = "lib/";
  private static final Pattern NAME = Pattern.compile("(?:[a-z-]+/){0,2}[a-z-]+\\.(?:js|css|svg)");

  private final PageFiles files = new PageFiles(ConsolePages.class);

  public void add(Routes routes) {
    routes
        .on("GET", "/", _ -> moved())
        .on("GET", "/console", _ -> moved())
        .on("GET", AT, _ -> files.file("index.html"))
        .on("GET", AT + "graph.css", _ -> graph())
        .on("GET", AT + "{file}", this::file)
        .on("GET", AT + "{folder}/{file}", this::file)
        .on("GET", AT + "{folder}/{inner}/{file}", this::file);
  }

  private static Answer moved() {
    return Answer.empty(302).with("Location", AT);
  }

  private static Answer graph() {
    String css = WorkflowGraph.css(":root[data-theme=dark]");
    return PageFiles.of("graph.css", css.getBytes(StandardCharsets.UTF_8));
  }

  private Answer file(Request request) {
    String name = request.path().substring(AT.length());
    if (!NAME.matcher(name).matches()) {
      throw Refusal.notFound("there is no such file");
    }
    return name.startsWith(LIBRARY)
        ? files.library("org.webjars.npm", "lit-html", name.substring(LIBRARY.length()))
        : files.file(name);
  }
}
