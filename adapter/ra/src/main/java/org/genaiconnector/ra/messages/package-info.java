/**
 * What the adapter logs for operators: each message with its id, level, words and remedy in one place,
 * {@link org.genaiconnector.ra.messages.OperatorMessage}. The list in {@code docs/operator-messages.md} is made from it. All other
 * packages may use this one; it uses none of them.
 */
package org.genaiconnector.ra.messages;
