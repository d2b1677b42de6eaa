package dev.skein.model;

/// What a reader is given beside the text.
record Outside(
    ResourceReader resources, SchemaSyntax schemas, ProtoSyntax protos, ApiSyntax apis) {}
