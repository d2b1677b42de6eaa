package dev.skein.connectors.grpc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.squareup.wire.Syntax;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.GroupElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.OptionElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.RpcElement;
import com.squareup.wire.schema.internal.parser.ServiceElement;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says what a parsed .proto file says as the descriptor that `protoc` would make of it, as far as
/// that matters for calls: extensions, reserved names and most options do not.
final class FileTranslation {
  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Map.ofEntries(
          Map.entry("double", FieldDescriptorProto.Type.TYPE_DOUBLE),
          Map.entry("float", FieldDescriptorProto.Type.TYPE_FLOAT),
          Map.entry("int64", FieldDescriptorProto.Type.TYPE_INT64),
          Map.entry("uint64", FieldDescriptorProto.Type.TYPE_UINT64),
          Map.entry("int32", FieldDescriptorProto.Type.TYPE_INT32),
          Map.entry("fixed64", FieldDescriptorProto.Type.TYPE_FIXED64),
          Map.entry("fixed32", FieldDescriptorProto.Type.TYPE_FIXED32),
          Map.entry("bool", FieldDescriptorProto.Type.TYPE_BOOL),
          Map.entry("string", FieldDescriptorProto.Type.TYPE_STRING),
          Map.entry("bytes", FieldDescriptorProto.Type.TYPE_BYTES),
          Map.entry("uint32", FieldDescriptorProto.Type.TYPE_UINT32),
          Map.entry("sfixed32", FieldDescriptorProto.Type.TYPE_SFIXED32),
          Map.entry("sfixed64", FieldDescriptorProto.Type.TYPE_SFIXED64),
          Map.entry("sint32", FieldDescriptorProto.Type.TYPE_SINT32),
          Map.entry("sint64", FieldDescriptorProto.Type.TYPE_SINT64));

  private static final Set<String> NO_KEYS = Set.of("double", "float", "bytes");

  private final boolean proto3;

  private FileTranslation(boolean proto3) {
    this.proto3 = proto3;
  }

  /// @throws IllegalArgumentException for what the linker does not notice
  static FileDescriptorProto of(String name, ProtoFileElement file) {
    boolean proto3 = file.getSyntax() == Syntax.PROTO_3;
    var translation = new FileTranslation(proto3);
    var result =
        FileDescriptorProto.newBuilder().setName(name).setSyntax(proto3 ? "proto3" : "proto2");
    if (file.getPackageName() != null) {
      result.setPackage(file.getPackageName());
    }
    result.addAllDependency(file.getImports());
    for (String imported : file.getPublicImports()) {
      result.addPublicDependency(result.getDependencyCount()).addDependency(imported);
    }
    result.addAllDependency(file.getWeakImports());
    for (TypeElement type : file.getTypes()) {
      switch (type) {
        case MessageElement message -> result.addMessageType(translation.message(message));
        case EnumElement constants -> result.addEnumType(translation.enumeration(constants));
        default -> {} // what encloses types in generated code
      }
    }
    file.getServices().forEach(service -> result.addService(service(service)));
    return result.build();
  }

  private DescriptorProto message(MessageElement message) {
    var result = DescriptorProto.newBuilder().setName(message.getName());
    for (TypeElement type : message.getNestedTypes()) {
      switch (type) {
        case MessageElement nested -> result.addNestedType(message(nested));
        case EnumElement constants -> result.addEnumType(enumeration(constants));
        default -> {}
      }
    }
    message.getFields().forEach(field -> add(result, field, null));
    message.getGroups().forEach(group -> add(result, group, null));
    for (OneOfElement choice : message.getOneOfs()) {
      int index = result.getOneofDeclCount();
      result.addOneofDecl(OneofDescriptorProto.newBuilder().setName(choice.getName()));
      choice.getFields().forEach(field -> add(result, field, index));
      choice.getGroups().forEach(group -> add(result, group, index));
    }
    present(result);
    return result.build();
  }

  /// A proto3 field that is `optional` is the only member of a choice, behind all others.
  private static void present(DescriptorProto.Builder message) {
    for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
      if (field.getProto3Optional()) {
        field.setOneofIndex(message.getOneofDeclCount());
        message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
      }
    }
  }

  private void add(DescriptorProto.Builder into, FieldElement field, @Nullable Integer choice) {
    var result =
        FieldDescriptorProto.newBuilder()
            .setName(field.getName())
            .setNumber(field.getTag())
            .setLabel(label(field.getLabel()));
    if (choice != null) {
      result.setOneofIndex(choice);
    } else if (proto3 && field.getLabel() == Field.Label.OPTIONAL) {
      result.setProto3Optional(true);
    }
    if (field.getJsonName() != null) {
      result.setJsonName(field.getJsonName());
    }
    if (field.getDefaultValue() != null) {
      result.setDefaultValue(field.getDefaultValue());
    }
    Boolean packed = packed(field.getOptions());
    if (packed != null) {
      result.getOptionsBuilder().setPacked(packed);
    }
    if (field.getType().startsWith("map<")) {
      map(into, result, field);
    } else {
      type(result, field.getType());
    }
    into.addField(result);
  }

  /// A map is a list of entries of a type of its own.
  private static void map(
      DescriptorProto.Builder into, FieldDescriptorProto.Builder field, FieldElement written) {
    String inner = written.getType().substring("map<".length(), written.getType().length() - 1);
    int comma = inner.indexOf(',');
    String keys = inner.substring(0, comma).strip();
    if (!SCALARS.containsKey(keys) || NO_KEYS.contains(keys)) {
      throw new IllegalArgumentException(
          "the keys of the map " + written.getName() + " cannot be of type " + keys);
    }
    var key = FieldDescriptorProto.newBuilder().setName("key").setNumber(1);
    var value = FieldDescriptorProto.newBuilder().setName("value").setNumber(2);
    type(key.setLabel(Label.LABEL_OPTIONAL), keys);
    type(value.setLabel(Label.LABEL_OPTIONAL), inner.substring(comma + 1).strip());
    var entry =
        DescriptorProto.newBuilder()
            .setName(camelCase(written.getName()) + "Entry")
            .addField(key)
            .addField(value);
    entry.getOptionsBuilder().setMapEntry(true);
    into.addNestedType(entry);
    field
        .setLabel(Label.LABEL_REPEATED)
        .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
        .setTypeName(entry.getName());
  }

  private void add(DescriptorProto.Builder into, GroupElement group, @Nullable Integer choice) {
    var type = DescriptorProto.newBuilder().setName(group.getName());
    group.getFields().forEach(field -> add(type, field, null));
    present(type);
    var field =
        FieldDescriptorProto.newBuilder()
            .setName(group.getName().toLowerCase(Locale.ROOT))
            .setNumber(group.getTag())
            .setLabel(label(group.getLabel()))
            .setType(FieldDescriptorProto.Type.TYPE_GROUP)
            .setTypeName(group.getName());
    if (choice != null) {
      field.setOneofIndex(choice);
    }
    into.addNestedType(type).addField(field);
  }

  /// Names are resolved when the descriptor is linked.
  private static void type(FieldDescriptorProto.Builder field, String name) {
    FieldDescriptorProto.Type scalar = SCALARS.get(name);
    if (scalar == null) {
      field.setTypeName(name);
    } else {
      field.setType(scalar);
    }
  }

  private static Label label(Field.@Nullable Label label) {
    return switch (label) {
      case REQUIRED -> Label.LABEL_REQUIRED;
      case REPEATED -> Label.LABEL_REPEATED;
      case null, default -> Label.LABEL_OPTIONAL;
    };
  }

  private static @Nullable Boolean packed(List<OptionElement> options) {
    for (OptionElement option : options) {
      if (option.getName().equals("packed") && !option.isParenthesized()) {
        return Boolean.valueOf(String.valueOf(option.getValue()));
      }
    }
    return null;
  }

  /// `order_lines` is `OrderLines`.
  private static String camelCase(String name) {
    var result = new StringBuilder();
    boolean upper = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        result.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return result.toString();
  }

  private EnumDescriptorProto enumeration(EnumElement constants) {
    if (proto3
        && !constants.getConstants().isEmpty()
        && constants.getConstants().getFirst().getTag() != 0) {
      throw new IllegalArgumentException(
          "the first constant of " + constants.getName() + " must be 0");
    }
    var result = EnumDescriptorProto.newBuilder().setName(constants.getName());
    constants
        .getConstants()
        .forEach(it -> result.addValueBuilder().setName(it.getName()).setNumber(it.getTag()));
    return result.build();
  }

  private static ServiceDescriptorProto service(ServiceElement service) {
    var result = ServiceDescriptorProto.newBuilder().setName(service.getName());
    for (RpcElement method : service.getRpcs()) {
      result
          .addMethodBuilder()
          .setName(method.getName())
          .setInputType(method.getRequestType())
          .setOutputType(method.getResponseType())
          .setClientStreaming(method.getRequestStreaming())
          .setServerStreaming(method.getResponseStreaming());
    }
    return result.build();
  }
}
