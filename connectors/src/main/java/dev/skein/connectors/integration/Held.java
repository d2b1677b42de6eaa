package dev.skein.connectors.integration;

import dev.skein.connectors.http.HttpCall;
import dev.skein.connectors.http.HttpCallException;
import dev.skein.connectors.http.HttpCallException.Failure;
import dev.skein.connectors.http.HttpCallException.Kind;
import dev.skein.connectors.http.HttpCallException.Reach;
import dev.skein.connectors.http.Reply;
import dev.skein.connectors.policy.Policy;
import dev.skein.connectors.policy.Policy.Agreement.Strictness;
import org.jspecify.annotations.Nullable;

/// Holds requests and answers against the contract of an integration, if it has one.
///
/// @param call as the workflow makes it: operations are found by its address, whatever endpoint
///   serves it
record Held(Policy policy, HttpCall call, Notices notices) {
  private static final int INVALID_REQUEST = 400;
  private static final int INVALID_ANSWER = 500;

  void request(HttpCall sent) throws HttpCallException {
    Policy.Agreement contract = policy.contract();
    if (contract != null && contract.request() != Strictness.OFF) {
      String wrong = contract.terms().inRequest(sent.withUri(call.uri()));
      judge(contract.request(), wrong, INVALID_REQUEST, Reach.NOT_SENT);
    }
  }

  void answer(HttpCall sent, Reply reply) throws HttpCallException {
    Policy.Agreement contract = policy.contract();
    if (contract != null && contract.response() != Strictness.OFF) {
      String wrong = contract.terms().inReply(sent.withUri(call.uri()), reply);
      judge(contract.response(), wrong, INVALID_ANSWER, Reach.ANSWERED);
    }
  }

  /// It is an error already, and stays the one it is.
  void error(HttpCallException error) {
    Policy.Agreement contract = policy.contract();
    boolean own = error.kind() == Kind.VALIDATION;
    if (contract != null && contract.response() != Strictness.OFF && !own) {
      String wrong = contract.terms().inError(call, error);
      if (wrong != null) {
        tell(wrong);
      }
    }
  }

  private void judge(Strictness strictness, @Nullable String wrong, int status, Reach reach)
      throws HttpCallException {
    if (wrong == null) {
      return;
    }
    if (strictness == Strictness.ENFORCE) {
      var failure = Failure.of(Kind.VALIDATION, status, "Contract broken", wrong, false);
      throw new HttpCallException(failure, reach, null);
    }
    tell(wrong);
  }

  private void tell(String wrong) {
    notices.tell(
        new Notices.Notice(
            policy.integration(), Notices.Kind.CONTRACT, Requests.about(call), wrong));
  }
}
