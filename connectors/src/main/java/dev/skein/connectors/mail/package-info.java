/// Mail sent by SMTP.
@NullMarked
package dev.skein.connectors.mail;

import org.jspecify.annotations.NullMarked;
