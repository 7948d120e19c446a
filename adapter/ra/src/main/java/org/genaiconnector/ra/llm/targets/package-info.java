/**
 * The targets of an LLM factory as an administrator writes them: which services there are, which of them stand behind the names of
 * models that applications use, what tokens cost, and what is limited. No network.
 *
 * <p>{@link org.genaiconnector.ra.llm.targets.TargetsSource} is the text, in a property or in a file that is watched;
 * {@link org.genaiconnector.ra.llm.targets.TargetsReader} reads it and says what is wrong, where, and what to do;
 * {@link org.genaiconnector.ra.llm.targets.Targets} is the result.
 */
package org.genaiconnector.ra.llm.targets;
