package dev.skein.interpreter.expression;

/// The builtins that are written in the language itself, because they are short there and not hot.
final class Prelude {
  static final String SOURCE =
      """
      def first: .[0];
      def last: .[-1];
      def nth($n): .[$n];
      def nth($n; f):
        if $n < 0 then error("nth doesn't support negative indices")
        else first(skip($n; f)) end;
      def map_values(f): .[] |= f;
      def leaf_paths: paths(scalars);
      def isvalid(f): try (f | true) catch false;
      def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
      def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
      def todateiso8601: todate;
      def dateiso8601: todate;
      def fromdate: fromdateiso8601;
      def date: todate;
      def dateadd(u; n): . + n;
      def datesub(u; n): . - n;
      def finites: select(isinfinite or isnan | not);
      def normals: select(isnormal);
      def in(xs): . as $x | xs | has($x);
      def inside(xs): . as $x | xs | contains($x);
      def combinations:
        if length == 0 then []
        else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
      def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
      def fromstream(f):
        {x: null, e: false} as $init
        | foreach f as $i ($init;
            if .e then $init else . end
            | if $i | length == 2
              then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
              else setpath(["e"]; $i[0] | length == 1) end;
            if .e then .x else empty end);
      def truncate_stream(stream):
        . as $n | null | stream | . as $input
        | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
      def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row);
      def INDEX(f): INDEX(.[]; f);
      def JOIN($index; f): [.[] | [., $index[f]]];
      def JOIN($index; stream; f): stream | [., $index[f]];
      def JOIN($index; stream; f; join): stream | [., $index[f]] | join;
      def IN(s): any(s == .; .);
      def IN(src; s): any(src == s; .);
      """;

  private Prelude() {}
}
