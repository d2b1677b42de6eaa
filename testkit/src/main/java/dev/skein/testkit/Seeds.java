package dev.skein.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// Runs a parameterized test once for each of many seeds; the seed stands in the test's name.
/// `-Dseeds=N` runs more of them, `-Dseed=S` just that one.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(Seeds.Source.class)
public @interface Seeds {
  int value();

  /// Draws the seeds.
  final class Source implements ArgumentsProvider, AnnotationConsumer<Seeds> {
    private long count;

    @Override
    public void accept(Seeds annotation) {
      count = Long.getLong("seeds", annotation.value());
    }

    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      Long only = Long.getLong("seed");
      return (only == null ? LongStream.rangeClosed(1, count) : LongStream.of(only))
          .mapToObj(Arguments::of);
    }
  }
}
