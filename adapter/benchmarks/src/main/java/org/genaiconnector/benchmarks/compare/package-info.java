/**
 * The adapter side by side with what else an application could use to talk to a language model.
 *
 * <p>{@link org.genaiconnector.benchmarks.compare.Comparison} lets each
 * {@link org.genaiconnector.benchmarks.compare.ChatClient} do the same chats and streams against the same server, each in
 * a JVM of its own, in turn and several times over, and prints one table.
 */
package org.genaiconnector.benchmarks.compare;
