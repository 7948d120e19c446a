/**
 * LangChain4j over connection factories of the adapter. An application packages this module beside LangChain4j: its models borrow a
 * connection for each call, so that pools, limits, retries, targets, statistics and keys are the administrator's, while
 * {@code AiServices}, tools, memory, retrieval, guardrails and listeners are LangChain4j's.
 *
 * <p>{@code ChatTranslation} and {@code MessageTranslation} make requests of this project from LangChain4j's, {@code
 * AnswerTranslation} makes LangChain4j's answers, and {@code Failures} its exceptions. What one side has and the other has not
 * fails with its name; nothing is left out in silence.
 *
 * <p>{@code ModelBeans} makes CDI beans of the entries {@code genai.langchain4j.<name>.*} of the configuration, each of which is a
 * {@code ModelEntry}.
 */
package org.genaiconnector.langchain4j;
